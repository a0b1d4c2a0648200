import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { printFindings } from '../lib/diagnostics';
import { manifestJsonSchema } from '../lib/manifest';
import { RULES, type Finding, type Rule } from '../lib/rules';

// Writes docs/rules/: a page for each rule, from its own words and from the table that tests it, so that the example is
// what a user really reads; and the JSON schema of fabric.json. `--check` writes nothing, and fails where one of them is
// not what it would be, or where README.md quotes a file that says something else.

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

/** What is generated: by the path from the root. */
const generated = new Map([
  ['docs/rules/README.md', printIndex()],
  ...RULES.map((rule) => [`docs/rules/${rule.id}.md`, printPage(rule)] as const),
  ['schema/fabric.schema.json', `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`],
]);
const stale = readdirSync(join(ROOT, 'docs/rules'), { recursive: true, encoding: 'utf8' })
  .map((name) => `docs/rules/${name}`)
  .filter((name) => name.endsWith('.md') && !generated.has(name));
const changed = [...generated].filter(([name, text]) => tryRead(name) !== text);

if (process.argv.includes('--check')) {
  const wrong = [...stale, ...changed.map(([name]) => name)].map(
    (name) => `${name} is not up to date: run "npm run docs"`,
  );
  for (const problem of [
    ...wrong,
    ...['README.md', 'docs/applying.md', 'docs/promises.md', 'docs/reachability.md', 'docs/stacks.md'].flatMap(quotes),
  ]) {
    console.error(problem);
    process.exitCode = 1;
  }
} else {
  for (const name of stale) rmSync(join(ROOT, name));
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(ROOT, name)), { recursive: true });
    writeFileSync(join(ROOT, name), text);
  }
}

/** Blocks of a page that claim to stand in a file of ours, and do not. A page that quotes nothing has lost its marks. */
function quotes(page: string): readonly string[] {
  const blocks = [...(tryRead(page) ?? '').matchAll(/<!-- in: (\S+) -->\n\n```\w*\n(.*?)```/gs)];
  if (blocks.length === 0) return [`${page} quotes no file`];
  return blocks.flatMap(([, file = '', block = '']) =>
    flush(tryRead(file) ?? '').includes(flush(block))
      ? []
      : [`${page} quotes ${file}, where these lines do not stand:\n${block}`],
  );
}

/** Without the margin that a quote is not expected to keep. */
function flush(text: string): string {
  return text.replace(/^ +/gm, '');
}

function tryRead(name: string): string | undefined {
  const file = join(ROOT, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
