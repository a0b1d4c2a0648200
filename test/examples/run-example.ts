import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readTree } from './files';

const ROOT = resolve(__dirname, '..', '..');

export interface ExampleRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example as a user does: its own process, in a folder of the user's. */
export function runExample(name: string, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<ExampleRun> {
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const program = join(ROOT, 'examples', name, 'main.ts');
  const engine = process.env['METAL_FABRIC_ENGINE'] === 'cdktn' ? ['--require', join(__dirname, 'on-cdktn.cjs')] : [];
  return new Promise((done) => {
    execFile(
      process.execPath,
      [tsx, '--tsconfig', join(ROOT, 'tsconfig.json'), ...engine, program],
      { cwd, env: { ...ownEnvironment(), ...env } },
      (error, stdout, stderr) => {
        done({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      },
    );
  });
}

/** What the tester's shell happens to say about the library must not decide a test. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { METAL_FABRIC_FROZEN: _, FABRIC_DEVICES: __, NODE_OPTIONS: ___, ...rest } = process.env;
  return rest;
}

/** Everything the run wrote, each stack under its name, without what differs from machine to machine. */
export function outputOf(folder: string): ReadonlyMap<string, string> {
  const written = [...readTree(folder)].filter(([file]) => file !== 'cdktf.out/manifest.json');
  return new Map(
    written.map(([file, text]) => [
      file.replace(/^cdktf\.out\/stacks\//, ''),
      file.endsWith('/cdk.tf.json') ? stableTerraform(text, folder) : text,
    ]),
  );
}

/** cdktf and cdktn print the same JSON with other blanks; the version and the local backend's path are of the day. */
function stableTerraform(text: string, folder: string): string {
  const json = JSON.parse(text) as { '//': { metadata: { version?: string } } };
  delete json['//'].metadata.version;
  return `${JSON.stringify(json, undefined, 2).replaceAll(folder, '<cwd>')}\n`;
}

/** The programs that are run go out as they are; the goldens do not keep them again and again. By their path in a stack. */
export const PROGRAMS: ReadonlyMap<string, string> = new Map(
  [join('terraform', 'apply-to-directory.sh'), join('apply', 'on-device', 'metal-fabric-device')].map((path) => [
    `fabric/.programs/${basename(path)}`,
    readFileSync(join(ROOT, 'lib', path), 'utf8'),
  ]),
);
