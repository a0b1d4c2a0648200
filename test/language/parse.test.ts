import fc from 'fast-check';
import { deriveDevices } from '../../lib/device';
import { parseFrr, printFrr } from '../../lib/language/frr';
import { parseInterfaces, printInterfaces } from '../../lib/language/interfaces';
import { parseNftables, printNftables } from '../../lib/language/nftables';
import { fabrics } from '../reachability/fabrics';

test('what was printed of a derived device reads as what it was', () => {
  let rules = 0;
  fc.assert(
    fc.property(fabrics, ({ plan }) => {
      for (const { frr, interfaces, nftables } of deriveDevices(plan)) {
        expect(parseFrr(printFrr(frr))).toEqual(frr);
        expect(parseInterfaces(printInterfaces(interfaces))).toEqual(interfaces);
        if (nftables === undefined) continue;
        expect(parseNftables(printNftables(nftables))).toEqual(nftables);
        rules += nftables.chains.flatMap((chain) => chain.rules).length;
      }
    }),
    { numRuns: 15 },
  );
  expect(rules).toBeGreaterThan(1000);
}, 120_000);

test.each([
  [
    'frr.conf',
    parseFrr,
    'hostname a\nip route 0.0.0.0/0 10.0.0.1\n',
    'line 2 is none that is written by this library: ip route 0.0.0.0/0 10.0.0.1',
  ],
  [
    'interfaces',
    parseInterfaces,
    'auto lo\niface lo inet dhcp\n',
    'line 2 is none that is written by this library: iface lo inet dhcp',
  ],
  [
    'nftables.conf',
    parseNftables,
    'table inet fabric {\n  chain a {\n    tcp dport 22 reject\n',
    'line 3 is none that is written by this library: tcp dport 22 reject',
  ],
])('a line of %s that is not of this library is refused', (_, parse, text, message) => {
  expect(() => parse(text)).toThrow(message);
});
