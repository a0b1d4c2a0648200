import { FAMILIES, type Family, Prefix } from '../../lib/net';
import { Lookup, type NatPolicy, type Network, reachedFrom, relatesIn } from '../../lib/model';
import { relationsOf } from '../../lib/plan';
import {
  connection,
  externalNetwork,
  firewall,
  masquerade,
  NO_NAT,
  partition,
  privateNetwork,
  sharedNetwork,
  translate,
} from '../rules/model';
import { plan } from './edits';

// What rules say of declared networks is what the plan says of allocated ones.

const V4 = '10.128.8.0/24';
const LOCAL = 'fd00:10:128:8::/64';
const GLOBAL = '2001:db8:8::/64';
const PREFIXES: readonly (readonly string[] | 'carved' | Family)[] = [
  [V4],
  [LOCAL],
  [GLOBAL],
  [V4, LOCAL],
  [LOCAL, GLOBAL],
  'carved',
  'ipv4',
  'ipv6',
];
const POLICIES: readonly (NatPolicy | undefined)[] = [undefined, NO_NAT, translate(), masquerade('10.129.0.0/24')];

function given(prefixes: (typeof PREFIXES)[number]) {
  if (typeof prefixes === 'object') return { prefixes };
  const length = (family: Family, bits: number) => (prefixes === 'carved' || prefixes === family ? bits : undefined);
  return { prefixLengths: { ipv4: length('ipv4', 24), ipv6: length('ipv6', 64) } };
}

const moved = (prefixes: (typeof PREFIXES)[number]) =>
  typeof prefixes === 'object' ? prefixes.map((text) => text.replace('8.0/', '9.0/').replace('8::', '9::')) : prefixes;

const CONNECTED: readonly Network[] = [
  ...PREFIXES.flatMap((prefixes) =>
    [false, true].map((nat) => sharedNetwork('far', { ...given(moved(prefixes)), nat })),
  ),
  ...[['0.0.0.0/0'], ['::/0'], ['0.0.0.0/0', '::/0'], ['::/0', 'fd01::/16']].flatMap((destinationPrefixes) =>
    [false, true].map((nat) =>
      externalNetwork('far', { prefixes: ['185.1.2.0/24', '2001:db8:1::/64'], destinationPrefixes, nat }),
    ),
  ),
];

test('a firewall relates two networks in a family just where the rules say so', () => {
  const seen = { related: 0, unrelated: 0 };
  for (const near of PREFIXES) {
    for (const far of CONNECTED) {
      for (const nat of POLICIES) {
        const declared = partition('par1', {
          networks: [privateNetwork('near', given(near)), far],
          firewalls: [firewall('fw', 'near', { connections: [connection('far', nat === undefined ? {} : { nat })] })],
        });
        const lookup = new Lookup({ partitions: [declared] });
        const [planned] = plan(declared).plan.firewalls;
        const relations = planned === undefined ? [] : relationsOf(planned, []);
        const joint = {
          primary: lookup.findNetwork('par1/near'),
          connection: declared.firewalls[0]!.connections[0]!,
          network: far,
        };
        for (const family of FAMILIES) {
          const relation = relations.find((one) => one.family === family);
          expect([near, far, nat, family, relatesIn(joint, family, lookup)]).toEqual([
            near,
            far,
            nat,
            family,
            relation !== undefined,
          ]);
          const reached = reachedFrom(joint, family, lookup);
          expect(relation?.far.every((prefix) => reached.some((wide) => wide.contains(prefix))) ?? true).toBe(true);
          seen[relation === undefined ? 'unrelated' : 'related'] += 1;
        }
      }
    }
  }
  expect(Math.min(seen.related, seen.unrelated)).toBeGreaterThan(100);
});

test('a default route is reached where nothing unique local asks for it', () => {
  const of = (...prefixes: readonly string[]) => {
    const primary = privateNetwork('near', { prefixes });
    const network = externalNetwork('far', { destinationPrefixes: ['::/0'] });
    const lookup = new Lookup({ partitions: [partition('par1', { networks: [primary, network] })] });
    return reachedFrom({ primary, connection: connection('far'), network }, 'ipv6', lookup);
  };
  expect(of(GLOBAL)).toEqual([Prefix.parse('::/0')]);
  expect(of(LOCAL)).toEqual([]);
  expect(of(GLOBAL, LOCAL)).toEqual([]);
  expect(of(V4)).toEqual([]);
});
