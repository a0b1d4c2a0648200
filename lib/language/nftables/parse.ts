import { Address, BITS, type Family, type PortRange, Prefix } from '../../net';
import { UnknownLine } from '../parse-error';
import type { NftChain, NftHook, NftMatch, NftRule, NftRuleset, NftVerdict } from './ruleset';

/** The tree of a file that `printNftables` wrote. @throws UnknownLine */
export function parseNftables(text: string): NftRuleset {
  const remarks: string[] = [];
  const chains: { name: string; hook: NftHook | undefined; rules: NftRule[] }[] = [];
  let [table, comment] = ['', undefined as string | undefined];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    const chain = chains.at(-1);
    const [, said] = /^# (.*)$/.exec(line) ?? [];
    const [, name] = /^chain (\S+) \{$/.exec(line) ?? [];
    const [, named] = /^(?:delete )?table inet (\S+)(?: \{)?$/.exec(line) ?? [];
    const hook = tryHook(line);
    if (line === '' || line === '}') continue;
    if (said !== undefined) {
      if (table === '') remarks.push(said);
      else comment = said;
    } else if (named !== undefined) table = named;
    else if (name !== undefined) chains.push({ name, hook: undefined, rules: [] });
    else if (hook !== undefined && chain !== undefined) chain.hook = hook;
    else {
      const rule = tryRule(line, comment);
      if (rule === undefined || chain === undefined) throw new UnknownLine(whole, index + 1);
      chain.rules.push(rule);
      comment = undefined;
    }
  }
  return { remarks, table, chains: chains.map((chain): NftChain => chain) };
}

function tryHook(line: string): NftHook | undefined {
  const [, type, hook, priority, policy] = /^type (\S+) hook (\S+) priority (\S+); policy (\S+);$/.exec(line) ?? [];
  return type === undefined ? undefined : ({ type, hook, priority, policy } as NftHook);
}

function tryRule(line: string, comment: string | undefined): NftRule | undefined {
  const matches: NftMatch[] = [];
  let rest = line;
  for (;;) {
    const verdict = tryVerdict(rest.replace(/^counter /, ''));
    if (verdict !== undefined) return { matches, verdict, comment };
    const found = readers
      .map(({ pattern, read }) => ({ found: pattern.exec(rest), read }))
      .find((one) => one.found !== null);
    if (found?.found === undefined || found.found === null) return undefined;
    matches.push(found.read(found.found));
    rest = rest.slice(found.found[0].length).trimStart();
  }
}

function tryVerdict(text: string): NftVerdict | undefined {
  const [word = '', ...rest] = text.split(' ');
  switch (word) {
    case 'accept':
    case 'drop':
    case 'masquerade':
    case 'notrack':
      return rest.length === 0 ? { kind: word } : undefined;
    case 'jump':
      return { kind: 'jump', chain: rest.join(' ') };
    case 'snat':
      return { kind: 'snat', address: Address.parse(rest.at(-1) ?? '') };
    default:
      return undefined;
  }
}

interface Reader {
  readonly pattern: RegExp;
  readonly read: (found: RegExpExecArray) => NftMatch;
}

const SET = '(\\{ [^}]* \\}|\\S+)';
const VXLAN = 'udp dport 4789 @th,96,24';
const FAMILY: Readonly<Record<string, Family>> = { ip: 'ipv4', ip6: 'ipv6' };

/** The longer ones first: a shorter one may be the beginning of them. */
const readers: readonly Reader[] = [
  {
    pattern: new RegExp(`^${VXLAN} != ${SET}`),
    read: ([, vnis = '']) => ({ kind: 'other-vni', vnis: elements(vnis).map(Number) }),
  },
  {
    pattern: new RegExp(`^${VXLAN} ${SET} @th,224,16 != \\{ 0x0800, 0x86dd \\}`),
    read: ([, vnis = '']) => ({ kind: 'tunneled-other', vnis: elements(vnis).map(Number) }),
  },
  {
    pattern: new RegExp(`^${VXLAN} (\\d+) @th,224,16 (0x\\S+)((?: @th,\\d+,\\d+ != 0x[0-9a-f]+)*)`),
    read: ([, vni = '', type = '', outside = '']) => readOutside(Number(vni), type, outside),
  },
  {
    pattern: new RegExp(`^iifname (!= )?${SET}`),
    read: ([, not, names = '']) => ({ kind: 'iif', names: elements(names).map(unquoted), negated: not !== undefined }),
  },
  {
    pattern: new RegExp(`^oifname ${SET}`),
    read: ([, names = '']) => ({ kind: 'oif', names: elements(names).map(unquoted) }),
  },
  {
    pattern: new RegExp(`^(ip6?) saddr (!= )?${SET}`),
    read: ([, family = '', not, prefixes = '']) => ({
      kind: 'source',
      family: FAMILY[family] ?? 'ipv4',
      prefixes: elements(prefixes).map(readPrefix),
      negated: not !== undefined,
    }),
  },
  {
    pattern: new RegExp(`^(ip6?) daddr ${SET}`),
    read: ([, family = '', prefixes = '']) => ({
      kind: 'destination',
      family: FAMILY[family] ?? 'ipv4',
      prefixes: elements(prefixes).map(readPrefix),
    }),
  },
  { pattern: /^meta nfproto (ipv[46])/, read: ([, family]) => ({ kind: 'family', family: family as Family }) },
  { pattern: /^meta l4proto \{ icmp, ipv6-icmp \}/, read: () => ({ kind: 'icmp' }) },
  {
    pattern: /^meta l4proto (tcp|udp)/,
    read: ([, protocol]) => ({ kind: 'ports', protocol: protocol as 'tcp' | 'udp', side: 'destination', ports: [] }),
  },
  {
    pattern: new RegExp(`^(tcp|udp) (sport|dport) ${SET}`),
    read: ([, protocol, side, ports = '']) => ({
      kind: 'ports',
      protocol: protocol as 'tcp' | 'udp',
      side: side === 'sport' ? 'source' : 'destination',
      ports: elements(ports).map(readRange),
    }),
  },
  { pattern: /^tcp flags & \(syn \| ack\) != syn/, read: () => ({ kind: 'tcp-answer' }) },
  {
    pattern: /^ct state (\S+)/,
    read: ([, states = '']) => ({ kind: 'connection', states: states.split(',') as ('established' | 'related')[] }),
  },
];

const elements = (text: string): readonly string[] => text.replace(/^\{ | \}$/g, '').split(', ');
const unquoted = (text: string): string => text.replaceAll('"', '');
const readPrefix = (text: string): Prefix =>
  text.includes('/') ? Prefix.parse(text) : Prefix.host(Address.parse(text));

function readRange(text: string): PortRange {
  const [first = 0, last = first] = text.split('-').map(Number);
  return { first, last };
}

/** Where the inner addresses are, as the printer says: docs/decisions/0006-leaf-filters-on-evpn.md. */
const SIDES: Readonly<Record<string, 'source' | 'destination'>> = {
  336: 'source',
  368: 'destination',
  304: 'source',
  432: 'destination',
};

function readOutside(vni: number, type: string, outside: string): NftMatch {
  const family: Family = type === '0x0800' ? 'ipv4' : 'ipv6';
  const parts = [...outside.matchAll(/@th,(\d+),(\d+) != (0x[0-9a-f]+)/g)];
  const prefixes = parts.map(([, , length = '', bits = '']) =>
    Prefix.around(Address.of(family, BigInt(bits) << BigInt(BITS[family] - Number(length))), Number(length)),
  );
  // Where every packet of the family is meant, it does not matter by which of its addresses.
  return { kind: 'tunneled-outside', vni, family, side: SIDES[parts[0]?.[1] ?? ''] ?? 'source', prefixes };
}
