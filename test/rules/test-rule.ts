import { checkRules } from '../../lib/rules/check-rules';
import type { Finding, Rule } from '../../lib/rules';
import { type FabricCase, fabric } from './model';

/** Sentences on a rule, each with a fabric that proves it. */
export interface RuleTable {
  /** It holds … */
  readonly holds: Readonly<Record<string, FabricCase>>;
  /** It is broken … */
  readonly breaks: Readonly<Record<string, BrokenCase>>;
}

export interface BrokenCase extends FabricCase {
  /** All the findings: the path, and the problem or problems there. */
  readonly findings: Readonly<Record<string, string | readonly string[]>>;
  /** What to do, where that differs from case to case; in the order of the findings. */
  readonly fixes?: readonly string[];
}

export interface TestedRule extends RuleTable {
  readonly rule: Rule;
}

let collected: TestedRule[] | undefined;

/** Loads files of tables for another use than to run them: for the documentation, and for the test of all rules. */
export function collectTables(files: readonly string[], load: (file: string) => unknown): readonly TestedRule[] {
  const tables: TestedRule[] = (collected = []);
  try {
    files.forEach(load);
  } finally {
    collected = undefined;
  }
  return tables;
}

export function testRule(rule: Rule, table: RuleTable): void {
  if (collected !== undefined) {
    collected.push({ rule, ...table });
    return;
  }
  describe(rule.id, () => {
    test.each(Object.entries(table.holds))('holds %s', (_, given) => {
      expect(findingsOf(rule, given).map(({ problem }) => problem)).toEqual([]);
    });
    test.each(Object.entries(table.breaks))('is broken %s', (_, given) => {
      const findings = findingsOf(rule, given);
      const problems: Record<string, string | readonly string[]> = {};
      for (const { subject } of findings) {
        const here = findings.filter((finding) => finding.subject.path === subject.path).map(({ problem }) => problem);
        problems[subject.path] = here.length === 1 ? here[0]! : here;
      }
      expect(problems).toEqual(given.findings);
      if (given.fixes !== undefined) expect(findings.map(({ fix }) => fix)).toEqual(given.fixes);
      for (const { problem, fix } of findings) {
        expect(problem).toMatch(/^[^A-Z]|^(IPv[46]|FRR|VNI|VLAN|ASN) /);
        expect(`${problem}\n${fix}`).not.toMatch(/undefined|NaN|\[object|\.(\n|$)/);
        expect(fix).toMatch(/^[^A-Z]/);
      }
    });
  });
}

/** What the rule alone finds in a case. */
export function findingsOf(rule: Rule, given: FabricCase | BrokenCase): readonly Finding[] {
  return checkRules([rule], fabricOf(given));
}

export function fabricOf(given: FabricCase | BrokenCase) {
  const { findings: _, fixes: __, ...own } = { findings: undefined, fixes: undefined, ...given };
  return fabric(own);
}
