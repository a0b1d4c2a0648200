import type { IConstruct } from 'constructs';
import { Partition, Port, type Verdict } from '../constructs';
import { Registry } from '../constructs/registry';
import type { Family } from '../net';
import { POLICY_RULES } from '../policies';
import { RULES } from '../rules';

/** What `toReach` wants besides that packets arrive and are answered. */
export interface ReachOptions {
  /** The source address that the far side sees. */
  readonly as?: string;
  /** The firewall in the way, or the firewalls in their order; `[]` for none. */
  readonly via?: string | readonly string[];
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What jest calls a matcher with. */
interface Context {
  readonly isNot?: boolean;
}

/**
 * `expect(machine).toReach(other, Port.tcp(443), { as, via })`; either of the two may be a network. With `.not`, nothing may arrive
 * at all, of no host and at no port: what only some reach passes neither way.
 */
export function toReach(
  this: Context | undefined,
  received: IConstruct,
  to: IConstruct,
  on: Port = Port.icmp(),
  options: ReachOptions = {},
): Outcome {
  const { reachability } = Partition.of(received);
  const question = { from: received, to, on };
  const verdict = reachability.verdict(question);
  const { as, via } = options;
  if (this?.isNot === true && as === undefined && via === undefined) {
    const open = verdict.blocked ? undefined : firstOpen(received, to, on);
    const wrong = open === undefined ? [] : [open.reason];
    const names = `${received.node.id} not to reach ${to.node.id}`;
    return { pass: open !== undefined, message: () => explain(names, wrong, open ?? verdict) };
  }
  const wanted = via === undefined ? undefined : typeof via === 'string' ? [via] : via;
  const each = as === undefined && wanted === undefined ? [] : [...reachability._each(question)];
  const elsewhere = each.find(
    (one) => as !== undefined && one.family === familyOf(as) && one.verdict.sourceSeen !== as,
  )?.verdict;
  const otherWay = each.find((one) => wanted !== undefined && wanted.join() !== one.verdict.via.join())?.verdict;
  const isOfNone = as !== undefined && each.every(({ family }) => family !== familyOf(as));
  const wrong = [
    ...(verdict.allowed ? [] : [verdict.reason]),
    ...(isOfNone ? [`nothing is sent of which the source could be ${as}`] : []),
    ...(elsewhere === undefined
      ? []
      : [`it is seen as ${elsewhere.sourceSeen ?? 'nothing'}, and not as ${as ?? ''}: ${elsewhere.reason}`]),
    ...(otherWay === undefined
      ? []
      : [
          `it goes through ${otherWay.via.join(', ') || 'no firewall'}, and not through ${wanted?.join(', ') || 'none'}: ${otherWay.reason}`,
        ]),
  ];
  const names = `${received.node.id} ${wrong.length === 0 ? 'not to reach' : 'to reach'} ${to.node.id}`;
  const shown = verdict.allowed ? (elsewhere ?? otherWay ?? verdict) : verdict;
  return { pass: wrong.length === 0, message: () => explain(names, wrong, shown) };
}

const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

/** The first packet that is not blocked. */
function firstOpen(from: IConstruct, to: IConstruct, on: Port): Verdict | undefined {
  for (const { verdict } of Partition.of(from).reachability._each({ from, to, on })) {
    if (!verdict.blocked) return verdict;
  }
  return undefined;
}

/** `expect(a).toBeIsolatedFrom(b)`: neither reaches the other, by any protocol. */
export function toBeIsolatedFrom(received: IConstruct, other: IConstruct): Outcome {
  const directions = [
    [received, other],
    [other, received],
  ] as const;
  for (const [from, to] of directions) {
    const open = firstOpen(from, to, Port.all());
    if (open === undefined) continue;
    const names = `${received.node.id} to be isolated from ${other.node.id}`;
    const wrong = [`${from.node.id} reaches ${to.node.id}: ${open.reason}`];
    return { pass: false, message: () => explain(names, wrong, open) };
  }
  const verdict = Partition.of(received).reachability.verdict({ from: received, to: other, on: Port.all() });
  const names = `${received.node.id} not to be isolated from ${other.node.id}`;
  return { pass: true, message: () => explain(names, [], verdict) };
}

/** `expect(app).toBreakRule('machine/has-one-primary-network')`; also of a partition, or any other construct of the app. */
export function toBreakRule(received: IConstruct, rule: string): Outcome {
  if (![...RULES, ...POLICY_RULES].some(({ id }) => id === rule)) {
    throw new Error(`there is no rule ${JSON.stringify(rule)}: \`metal-fabric rules\` lists them`);
  }
  const broken = brokenRules(received);
  const list = broken.map(({ id, path, problem }) => `  [${path}] ${id}: ${problem}`);
  const pass = broken.some(({ id }) => id === rule);
  return {
    pass,
    message: () =>
      [
        `expected the app ${pass ? 'not to break' : 'to break'} the rule ${rule}; ${list.length === 0 ? 'it breaks none' : 'it breaks'}`,
        ...list,
      ].join('\n'),
  };
}

function brokenRules(
  construct: IConstruct,
): readonly { readonly id: string; readonly path: string; readonly problem: string }[] {
  return Registry.of(construct)
    .compilation()
    .findings.map(({ rule, subject, problem }) => ({ id: rule.id, path: subject.path, problem }));
}

const explain = (wanted: string, wrong: readonly string[], verdict: Verdict | undefined): string =>
  [`expected ${wanted}`, ...wrong.map((one) => `  ${one}`), '', ...(verdict === undefined ? [] : [verdict.text])].join(
    '\n',
  );
