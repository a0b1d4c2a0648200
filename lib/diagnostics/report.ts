import { type Finding, printable } from '../rules';

/** All findings as a user reads them; nothing when there are none. */
export function printFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const header = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}; nothing was written:`;
  return [header, ...findings.map((finding) => `[${printable(finding.subject.path)}] ${printFinding(finding)}`)].join(
    '\n',
  );
}

/** One finding without its path, for who prints the path already: the validation of cdktf does. */
export function printFinding({ rule, problem, fix }: Finding): string {
  return [
    `${rule.id}: ${problem}`,
    `    rule: ${rule.statement}`,
    `    fix:  ${fix}`,
    `    why:  ${rule.page ?? `docs/rules/${rule.id}.md`}`,
  ]
    .map(printable)
    .join('\n');
}
