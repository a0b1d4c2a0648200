import type { NftChain, NftRule, NftVerdict } from '../language/nftables';
import type { NatPolicy } from '../model';
import { addressSeen, type Relation } from '../plan';
import { sviName } from './names';
import { ACCEPT, destination, oif, rule, sourceIsNot } from './nft-rules';

/**
 * Translation in the one normal form: never IPv6, only at this crossing, only the primary network's sources, not
 * towards kept destinations; all else gets the address. Packets of the firewall itself are no such sources.
 */
export function deriveNat(relations: readonly Relation[]): readonly NftChain[] {
  const crossings = relations.filter(({ nat }) => nat.kind !== 'none');
  if (crossings.length === 0) return [];
  return [
    ...crossings.map(crossingChain),
    {
      name: 'source-nat',
      hook: { type: 'nat', hook: 'postrouting', priority: 'srcnat', policy: 'accept' },
      rules: [
        rule([{ kind: 'family', family: 'ipv6' }], ACCEPT),
        ...crossings.map((relation) =>
          rule([oif(sviName(relation.connection.network))], { kind: 'jump', chain: chainName(relation) }),
        ),
      ],
    },
  ];
}

const chainName = ({ connection }: Relation): string => `nat-${sviName(connection.network)}`;

const crossingChain = (relation: Relation): NftChain => ({
  name: chainName(relation),
  hook: undefined,
  rules: [
    rule([sourceIsNot('ipv4', relation.near)], ACCEPT),
    ...keptRules(relation.nat),
    rule([], translation(relation)),
  ],
});

function keptRules(nat: NatPolicy): readonly NftRule[] {
  return nat.kind === 'none' || nat.keep.length === 0 ? [] : [rule([destination('ipv4', nat.keep)], ACCEPT)];
}

function translation(relation: Relation): NftVerdict {
  if (relation.nat.kind === 'masquerade') return { kind: 'masquerade' };
  const address = addressSeen(relation);
  if (address === 'original') throw new Error('invariant: an untranslated relation has no NAT chain');
  return { kind: 'snat', address };
}
