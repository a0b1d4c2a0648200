// The floors of lib/: what each may import besides itself. An import may only go down.
const COMPILED = [
  'refusal',
  'net',
  'model',
  'language',
  'rules',
  'diagnostics',
  'plan',
  'promises',
  'device',
  'manifest',
  'reachability',
  'phase',
  'policies',
];
const FLOORS = {
  phase: [],
  batch: [],
  refusal: [],
  net: ['refusal'],
  model: ['net'],
  language: ['net'],
  rules: ['model', 'net'],
  diagnostics: ['rules', 'model', 'net'],
  plan: ['model', 'net', 'refusal'],
  promises: ['plan', 'model', 'net'],
  device: ['plan', 'model', 'language', 'net'],
  manifest: ['promises', 'device', 'plan', 'model', 'net'],
  reachability: ['promises', 'device', 'plan', 'model', 'language', 'net'],
  policies: ['reachability', 'promises', 'rules', 'model', 'net'],
  compile: COMPILED,
  output: ['manifest', 'reachability', 'promises', 'language', 'net', 'refusal'],
  apply: ['compile', ...COMPILED],
  terraform: ['apply', 'compile', ...COMPILED],
  constructs: ['terraform', 'apply', 'compile', ...COMPILED],
  testing: ['constructs', 'terraform', 'apply', 'compile', ...COMPILED],
  lab: ['output', 'apply', 'compile', ...COMPILED],
  cli: ['lab', 'output', 'apply', 'compile', ...COMPILED],
  index: ['testing', 'constructs', 'terraform', 'lab', 'cli', 'apply', 'compile', ...COMPILED],
};

// A floor is a folder, or a file of that name.
const of = (floors) => `^lib/(${floors.join('|')})(/|\\.ts$)`;

const floorRules = Object.entries(FLOORS).map(([floor, below]) => ({
  name: `floor-of-${floor}`,
  comment: `lib/${floor} may import ${below.length === 0 ? 'nothing of ours' : below.join(', ')}`,
  severity: 'error',
  from: { path: of([floor]) },
  to: { path: '^lib/', pathNot: of([floor, ...below]) },
}));

const onlyIn = (name, path, floors, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^lib/', pathNot: floors },
  to: { path },
});

const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'also not of types: a cycle is two things that are one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-floor-is-known',
      comment: 'a new folder of lib/ gets its line in the table above',
      severity: 'error',
      from: { path: '^lib/', pathNot: of(Object.keys(FLOORS)) },
      to: {},
    },
    ...floorRules,
    {
      name: 'languages-do-not-know-one-another',
      comment: 'a language shares language/text.ts and parse-error.ts with the others, and nothing else',
      severity: 'error',
      from: { path: '^lib/language/([^/]+)/' },
      to: { path: '^lib/language/', pathNot: '^lib/language/($1/|text\\.ts$|parse-error\\.ts$)' },
    },
    onlyIn('ip-num-only-in-net', npm('ip-num'), of(['net']), 'addresses are values of net/'),
    onlyIn('zod-only-where-data-enters', npm('zod'), of(['plan', 'manifest', 'constructs']), 'data is parsed once'),
    onlyIn(
      'cdktf-only-on-top',
      npm('cdktf', 'cdktn', 'constructs', '@cdktf'),
      of(['terraform', 'constructs', 'testing']),
      'everything below is plain TypeScript',
    ),
    onlyIn('terminal-only-in-cli', npm('commander', 'cli-table3'), of(['cli']), 'only the CLI talks to a terminal'),
    onlyIn(
      'files-and-processes-only-outside',
      '^(node:)?(fs|fs/promises|child_process)$',
      '^lib/(lab/|output/|cli/|apply/|terraform/|plan/ledger-file)',
      'what is computed is pure',
    ),
    {
      name: 'lib-stands-alone',
      comment: 'lib/ is what is shipped',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(test|tools|examples|docs|dist)/' },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'lib-uses-what-it-declares',
      comment: 'a development dependency is not there for users',
      severity: 'error',
      from: { path: '^lib/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer', 'npm'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
