import { BITS, type Family, type Prefix, printPortRange } from '../../net';
import { file, indentBy, lines, type Text } from '../text';
import type { NftChain, NftHook, NftMatch, NftRule, NftRuleset, NftVerdict } from './ruleset';

const MARGIN = '  ';

/** The file for `nft -f`. Its first two lines make the table exist and delete it, so that loading replaces it at once. */
export function printNftables({ remarks, table, chains }: NftRuleset): string {
  return file(
    remarks.map((remark) => `# ${remark}`),
    `table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    indentBy(MARGIN, chains.map(printChain)),
    '}',
  );
}

const printChain = ({ name, hook, rules }: NftChain): Text =>
  lines(
    `chain ${name} {`,
    indentBy(MARGIN, hook === undefined ? undefined : printHook(hook), rules.map(printRule)),
    '}',
  );

const printHook = ({ type, hook, priority, policy }: NftHook): string =>
  `type ${type} hook ${hook} priority ${priority}; policy ${policy};`;

const printRule = (rule: NftRule): Text => [
  // A comment line and not nft's `comment`: that one is kept in the kernel and limited to 128 octets.
  rule.comment === undefined ? undefined : `# ${rule.comment}`,
  printNftRule(rule),
];

/** The line of one rule, without the comment above it. */
export const printNftRule = ({ matches, verdict }: NftRule): string =>
  [...matches.map(printMatch), ...(verdict.kind === 'jump' ? [] : ['counter']), printVerdict(verdict)].join(' ');

const KEYWORD: Readonly<Record<Family, 'ip' | 'ip6'>> = { ipv4: 'ip', ipv6: 'ip6' };

function printMatch(match: NftMatch): string {
  switch (match.kind) {
    case 'iif':
      return `iifname ${match.negated ? '!= ' : ''}${printSet(match.names.map(quoted))}`;
    case 'oif':
      return `oifname ${printSet(match.names.map(quoted))}`;
    case 'source':
      return `${KEYWORD[match.family]} saddr ${match.negated ? '!= ' : ''}${printPrefixes(match.prefixes)}`;
    case 'destination':
      return `${KEYWORD[match.family]} daddr ${printPrefixes(match.prefixes)}`;
    case 'family':
      return `meta nfproto ${match.family}`;
    case 'icmp':
      return 'meta l4proto { icmp, ipv6-icmp }';
    case 'ports':
      return match.ports.length === 0
        ? `meta l4proto ${match.protocol}`
        : `${match.protocol} ${match.side === 'source' ? 'sport' : 'dport'} ${printSet(match.ports.map(printPortRange))}`;
    case 'tcp-answer':
      return 'tcp flags & (syn | ack) != syn';
    case 'other-vni':
      // RFC 7348 section 5: behind the 8 octets of UDP and 4 of VXLAN itself, the 24 bits of the VNI.
      return `udp dport 4789 @th,96,24 != ${printSet(match.vnis.map(String))}`;
    case 'tunneled-other':
      return `${vxlanOf(match.vnis)} @th,224,16 != { ${INNER.ipv4.type}, ${INNER.ipv6.type} }`;
    case 'tunneled-outside': {
      const { type, source, destination } = INNER[match.family];
      const offset = match.side === 'source' ? source : destination;
      const outside = match.prefixes.map((prefix) => `@th,${offset},${prefix.length} != ${leadingBits(prefix)}`);
      return [vxlanOf([match.vni]), `@th,224,16 ${type}`, ...outside].join(' ');
    }
    case 'connection':
      return `ct state ${match.states.join(',')}`;
  }
}

const vxlanOf = (vnis: readonly number[]): string => `udp dport 4789 @th,96,24 ${printSet(vnis.map(String))}`;

/**
 * Where the packet in a tunnel has its addresses, in bits from the outer UDP header: behind 8 octets of UDP, 8 of VXLAN and 14 of
 * Ethernet, whose last two are the type (RFC 7348 section 5), IPv4 has them at 12 and 16, IPv6 at 8 and 24.
 */
const INNER: Readonly<
  Record<Family, { readonly type: string; readonly source: number; readonly destination: number }>
> = {
  ipv4: { type: '0x0800', source: 8 * (30 + 12), destination: 8 * (30 + 16) },
  ipv6: { type: '0x86dd', source: 8 * (30 + 8), destination: 8 * (30 + 24) },
};

/** The bits of a prefix that count, as a number. */
const leadingBits = (prefix: Prefix): string =>
  `0x${(prefix.first.value >> BigInt(BITS[prefix.family] - prefix.length)).toString(16)}`;

const printPrefixes = (prefixes: readonly Prefix[]): string =>
  printSet(prefixes.map((prefix) => (prefix.isHost ? prefix.first.toString() : prefix.toString())));

/** One element by itself, several in braces. */
function printSet(elements: readonly string[]): string {
  const [only, ...rest] = elements;
  if (only === undefined) throw new Error('invariant: an empty set matches nothing and must not be printed');
  return rest.length === 0 ? only : `{ ${elements.join(', ')} }`;
}

const quoted = (name: string): string => `"${name}"`;

function printVerdict(verdict: NftVerdict): string {
  switch (verdict.kind) {
    case 'accept':
    case 'drop':
    case 'masquerade':
    case 'notrack':
      return verdict.kind;
    case 'jump':
      return `jump ${verdict.chain}`;
    case 'snat':
      return `snat ip to ${verdict.address.toString()}`;
  }
}
