import type { Partition, Policy, Reference } from '../model';
import { tryFindPortFault } from '../net';
import {
  pairsOf,
  printConfigLine,
  printService,
  type Reachability,
  servicesOf,
  tryAsk,
  type Verdict,
  verdicts,
} from '../reachability';
import { type Finding, type Rule } from '../rules';

const PAGE = 'docs/reachability.md';

/** Reported like rules, and found on devices: what is declared alone does not say it. */
const ISOLATED: Rule = {
  id: 'policy/isolated',
  statement: 'What is to be isolated reaches nothing of the other side, in neither direction.',
  source: 'the policy that the user declared',
  page: PAGE,
  check: () => [],
};

const REACHES: Rule = {
  id: 'policy/reaches',
  statement: 'What is to be reached is reached, and answers.',
  source: 'the policy that the user declared',
  page: PAGE,
  check: () => [],
};

/** What policies are reported as. */
export const POLICY_RULES: readonly Rule[] = [ISOLATED, REACHES];

/** Every policy of the partition that its devices do not keep, each with the packet that shows it. */
export function checkPolicies(partition: Partition, reachability: Reachability): readonly Finding[] {
  return partition.policies.flatMap((policy) => checkPolicy(policy, partition, reachability));
}

function checkPolicy(policy: Policy, partition: Partition, reachability: Reachability): readonly Finding[] {
  const names = [policy.from, policy.to].map((path) => nameOf(path, partition));
  const [from, to] = [names, [...names].reverse()].map(([name = '', other = '']) =>
    tryAsk(reachability, name, reachability.promisedAbout(other)),
  );
  const rule = policy.kind === 'isolated' ? ISOLATED : REACHES;
  const report = (problem: string, fix: string): readonly Finding[] => [{ rule, subject: partition, problem, fix }];
  if (from === undefined || to === undefined) {
    const path = from === undefined ? policy.from : policy.to;
    return report(`${path} is no host or network of the partition`, 'name one that is declared in it');
  }
  const fault = policy.ports === undefined ? undefined : tryFindPortFault(policy.ports);
  if (fault !== undefined) return report(`it names ${fault.problem}`, fault.fix);
  const directions = policy.kind === 'isolated' ? [[from, to] as const, [to, from] as const] : [[from, to] as const];
  const pairs = directions
    .flatMap(([one, other]) => pairsOf(one, other))
    .filter(([a, b]) => a.kind !== 'beyond' || b.kind !== 'beyond');
  if (policy.kind === 'reaches' && pairs.length === 0) {
    return report(
      `nothing of ${from.name} can be held against ${to.name}`,
      'declare hosts with a common address family',
    );
  }
  for (const [one, other] of pairs) {
    for (const verdict of verdicts(reachability, one, other, servicesOf(policy.protocol, policy.ports))) {
      const isKept = policy.kind === 'isolated' ? verdict.blocked : verdict.allowed;
      if (isKept) continue;
      const flow = `${one.name} ${policy.kind === 'isolated' ? 'reaches' : 'does not reach'} ${other.name} by ${printService(verdict.service)}`;
      return report(
        `${flow}: ${because(verdict)}`,
        policy.kind === 'isolated'
          ? 'narrow what leads there, or take the policy away'
          : 'open what is in the way, or take the policy away',
      );
    }
  }
  return [];
}

const because = ({ reason, line }: Verdict): string =>
  line === undefined ? reason : `${reason} (${printConfigLine(line)})`;

/** The name of what is declared at a path; the path itself, if nothing is. */
function nameOf(path: Reference, { networks, machines, firewalls }: Partition): string {
  return [...networks, ...machines, ...firewalls].find((one) => one.path === path)?.name ?? path;
}
