import type { IConstruct } from 'constructs';
import { Partition, Port, type Verdict } from '../constructs';
import { Registry } from '../constructs/registry';

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

/** `expect(machine).toReach(other, Port.tcp(443), { as, via })`; either of the two may be a network. */
export function toReach(
  received: IConstruct,
  to: IConstruct,
  on: Port = Port.icmp(),
  options: ReachOptions = {},
): Outcome {
  const verdict = Partition.of(received).reachability.verdict({ from: received, to, on });
  const { as, via } = options;
  const wanted = via === undefined ? undefined : typeof via === 'string' ? [via] : via;
  const wrong = [
    ...(verdict.allowed ? [] : [verdict.reason]),
    ...(as === undefined || as === verdict.sourceSeen
      ? []
      : [`it is seen as ${verdict.sourceSeen ?? 'nothing'}, and not as ${as}`]),
    ...(wanted === undefined || wanted.join() === verdict.via.join()
      ? []
      : [`it goes through ${verdict.via.join(', ') || 'no firewall'}, and not through ${wanted.join(', ') || 'none'}`]),
  ];
  const names = `${received.node.id} ${wrong.length === 0 ? 'not to reach' : 'to reach'} ${to.node.id}`;
  return { pass: wrong.length === 0, message: () => explain(names, wrong, verdict) };
}

/** `expect(a).toBeIsolatedFrom(b)`: neither reaches the other, by any protocol. */
export function toBeIsolatedFrom(received: IConstruct, other: IConstruct): Outcome {
  const { reachability } = Partition.of(received);
  const both = [
    [received, other],
    [other, received],
  ] as const;
  const verdicts = both.map(([from, to]) => ({
    from,
    to,
    verdict: reachability.verdict({ from, to, on: Port.all() }),
  }));
  const open = verdicts.find(({ verdict }) => !verdict.blocked);
  if (open === undefined) {
    const [first] = verdicts;
    return {
      pass: true,
      message: () => explain(`${received.node.id} not to be isolated from ${other.node.id}`, [], first?.verdict),
    };
  }
  const { from, to } = open;
  const shown = reachability._firstOpen(from, to);
  return {
    pass: false,
    message: () =>
      explain(
        `${received.node.id} to be isolated from ${other.node.id}`,
        [`${from.node.id} reaches ${to.node.id}: ${shown.reason}`],
        shown,
      ),
  };
}

/** `expect(app).toBreakRule('machine/has-one-primary-network')`; also of a partition, or any other construct of the app. */
export function toBreakRule(received: IConstruct, rule: string): Outcome {
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
