import { type Fabric, Lookup } from '../model';
import type { Finding, Rule } from './rule';

/** All that breaks the rules: ordered by path, then as the rules are listed, then by text; nothing twice. */
export function checkRules(rules: readonly Rule[], fabric: Fabric): readonly Finding[] {
  const lookup = new Lookup(fabric);
  const refused = new Set(fabric.misfits.map(({ path }) => path));
  const findings = new Map<string, Finding>();
  const ranks = new Map(rules.map((rule, rank) => [rule, rank]));
  for (const rule of rules) {
    for (const violation of rule.check(fabric, lookup)) {
      if (rule.missesSomething === true && refused.has(violation.subject.path)) continue;
      findings.set(JSON.stringify([violation.subject.path, rule.id, violation.problem]), { rule, ...violation });
    }
  }
  return [...findings.values()].sort(
    (a, b) =>
      compareText(a.subject.path, b.subject.path) ||
      (ranks.get(a.rule) ?? 0) - (ranks.get(b.rule) ?? 0) ||
      compareText(a.problem, b.problem),
  );
}

/** By code unit, so that the order is the same under every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
