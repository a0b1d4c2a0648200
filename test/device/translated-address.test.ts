import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork, translate } from '../rules/model';
import { compiled, leaks, linesOf, textOf } from './derived';

// An address that a firewall translates to, and that is not the one it has anyway, must be answered for and announced.

const fabric = compiled({
  networks: [
    privateNetwork('blue', { vni: 100, prefixes: ['10.128.0.0/22'] }),
    sharedNetwork('storage', { vni: 200, nat: true, prefixes: ['10.129.0.0/22'] }),
    externalNetwork('internet', { vni: 300 }),
  ],
  firewalls: [
    firewall('blue-fw', 'blue', {
      connections: [
        connection('storage', { nat: translate('10.129.0.77') }),
        connection('internet', { nat: translate('185.1.2.77') }),
      ],
    }),
  ],
  frr: { major: 10, minor: 3 },
});

test('is an address of the firewall, beside its own', () => {
  const addresses = linesOf(textOf(fabric, 'blue-fw', 'interfaces'), /^address/);
  expect(addresses).toEqual(expect.arrayContaining(['address 10.129.0.1/32', 'address 10.129.0.77/32']));
  expect(addresses).toContain('address 185.1.2.77/32');
});

test('may be announced by the firewall', () => {
  const frr = fabric.devices
    .filter(({ role }) => role === 'leaf')
    .map(({ device }) => textOf(fabric, device.name, 'frr.conf'))
    .join('');
  expect(linesOf(frr, /-vni200 seq \d+ permit 10\.129\.0\.77\/32$/).length).toBeGreaterThan(0);
  expect(linesOf(frr, /-vni300 seq \d+ permit 185\.1\.2\.77\/32$/).length).toBeGreaterThan(0);
});

test('is not leaked: the route would lead to the SVI', () => {
  expect(leaks(fabric, 'blue-fw')).toContain('storage → blue: not 10.129.0.1/32 not 10.129.0.77/32 10.129.0.0/22+');
});

test('is what is seen', () => {
  expect(textOf(fabric, 'blue-fw', 'nftables.conf')).toContain('snat ip to 10.129.0.77');
  const seen = fabric.promises.filter(({ seenAs }) => seenAs === '10.129.0.77');
  expect(seen.map(({ from, to }) => `${from.name} → ${to.name}`)).toEqual(['blue → storage']);
});
