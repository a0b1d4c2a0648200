import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { printFindings } from '../lib/diagnostics';
import { RULES, type Finding, type Rule } from '../lib/rules';

// Writes docs/rules/: a page for each rule, from its own words and from the table that tests it, so that the example is
// what a user really reads. `--check` writes nothing, and fails where a page is not what it would be.

interface TestedRule {
  readonly rule: Rule;
  readonly holds: Readonly<Record<string, object>>;
  readonly breaks: Readonly<Record<string, object>>;
}

interface Tables {
  readonly collectTables: (files: readonly string[], load: (file: string) => unknown) => readonly TestedRule[];
  readonly findingsOf: (rule: Rule, given: object) => readonly Finding[];
}

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'docs/rules');

// The tables are data that lies among the tests. They are loaded by name, so that nothing here depends on tests.
const load = createRequire(__filename);
const { collectTables, findingsOf } = load(join(ROOT, 'test/rules/test-rule.ts')) as Tables;
const tables = new Map(
  collectTables(RULES.map(({ id }) => join(ROOT, 'test/rules', `${id}.test.ts`)).filter(existsSync), load).map(
    (table) => [table.rule.id, table],
  ),
);

function printPage(rule: Rule): string {
  const { holds, breaks } = tables.get(rule.id) ?? { holds: {}, breaks: {} };
  const [example] = Object.values(breaks);
  const findings = example === undefined ? [] : findingsOf(rule, example).slice(0, 1);
  return `# ${rule.id}

${rule.statement}

**Why:** ${rule.source}

${section('## How it reads', fence(printFindings(findings)))}${section('## It is broken', list(Object.keys(breaks)))}${section('## It holds', list(Object.keys(holds)))}---

Generated from [the rule](../../../lib/rules/${rule.id}.ts) and [its test](../../../test/rules/${rule.id}.test.ts).
`;
}

function printIndex(): string {
  const groups = [...new Set(RULES.map(({ id }) => dirname(id)))];
  const rows = (group: string) =>
    RULES.filter(({ id }) => dirname(id) === group).map(({ id, statement }) => `| [${id}](${id}.md) | ${statement} |`);
  return `# Rules

A fabric is written only when all of these hold. What breaks one is reported with the rule, its fix, and its page here.

${groups.map((group) => [`## ${group}/`, '', '| rule | |', '|---|---|', ...rows(group), ''].join('\n')).join('\n')}`;
}

const section = (title: string, body: string): string => (body === '' ? '' : `${title}\n\n${body}\n\n`);
const fence = (text: string): string => (text === '' ? '' : `\`\`\`\n${text.split('\n').slice(1).join('\n')}\n\`\`\``);
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const pages = new Map([
  ['README.md', printIndex()],
  ...RULES.map((rule) => [`${rule.id}.md`, printPage(rule)] as const),
]);
const present = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  : [];
const stale = present.filter((name) => !pages.has(name));
const changed = [...pages].filter(([name, text]) => {
  const file = join(FOLDER, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...changed.map(([page]) => page)]) {
    console.error(`docs/rules/${name} is not up to date: run "npm run docs"`);
    process.exitCode = 1;
  }
} else {
  for (const name of stale) rmSync(join(FOLDER, name));
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(FOLDER, name)), { recursive: true });
    writeFileSync(join(FOLDER, name), text);
  }
}
