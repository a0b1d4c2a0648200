import type { Address, Family, PortRange, Prefix } from '../../net';

/** A file for `nft -f` as data: one table, replaced as a whole. */
export interface NftRuleset {
  readonly remarks: readonly string[];
  /** The name of its one table, of family inet. */
  readonly table: string;
  readonly chains: readonly NftChain[];
}

export interface NftChain {
  readonly name: string;
  /** Undefined for a chain that is only jumped to. */
  readonly hook: NftHook | undefined;
  readonly rules: readonly NftRule[];
}

export interface NftHook {
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'postrouting';
  readonly priority: 'raw' | 'filter' | 'srcnat';
  readonly policy: 'accept' | 'drop';
}

/** A packet that meets every match gets the verdict; each rule counts its packets unless it jumps. */
export interface NftRule {
  readonly matches: readonly NftMatch[];
  readonly verdict: NftVerdict;
  readonly comment: string | undefined;
}

export type NftMatch =
  | { readonly kind: 'iif'; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'oif'; readonly names: readonly string[] }
  | {
      readonly kind: 'source';
      readonly family: Family;
      readonly prefixes: readonly Prefix[];
      readonly negated: boolean;
    }
  | { readonly kind: 'destination'; readonly family: Family; readonly prefixes: readonly Prefix[] }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'icmp' }
  | {
      readonly kind: 'ports';
      readonly protocol: 'tcp' | 'udp';
      readonly side: 'source' | 'destination';
      readonly ports: readonly PortRange[];
    }
  /** Anything but the packet that opens a connection of TCP. */
  | { readonly kind: 'tcp-answer' }
  /** Packets of VXLAN of any other network. */
  | { readonly kind: 'other-vni'; readonly vnis: readonly number[] }
  /** Packets of VXLAN of one of the networks that hold neither IPv4 nor IPv6. */
  | { readonly kind: 'tunneled-other'; readonly vnis: readonly number[] }
  /** Packets of VXLAN of a network, around one of the family whose address lies in none of the prefixes. */
  | {
      readonly kind: 'tunneled-outside';
      readonly vni: number;
      readonly family: Family;
      readonly side: 'source' | 'destination';
      readonly prefixes: readonly Prefix[];
    }
  | { readonly kind: 'connection'; readonly states: readonly ('established' | 'related' | 'invalid' | 'new')[] };

export type NftVerdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'snat'; readonly address: Address }
  | { readonly kind: 'masquerade' }
  /** No verdict: the packet goes on, and connection tracking leaves it alone. */
  | { readonly kind: 'notrack' };
