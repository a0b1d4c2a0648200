import { compile, type CompiledPartition, NO_LEDGER } from '../../lib/compile';
import { leaksOf, type Leak } from '../../lib/device/route-leaking';
import { Topology } from '../../lib/device/topology';
import type { Ledger } from '../../lib/plan';
import { fabric, type FabricCase } from '../rules/model';

/** Compiles a fabric of one partition, `par1`, in which nothing is broken. */
export function compiled(given: FabricCase, ledger?: Ledger): CompiledPartition {
  const { findings, partitions } = compile(fabric(given), new Map([['par1', { ...NO_LEDGER, ledger }]]));
  expect(findings.map(({ subject, rule, problem }) => `${subject.path} ${rule.id}: ${problem}`)).toEqual([]);
  return partitions[0]!;
}

/** The text of a file, which must be there. */
export function textOf({ devices }: CompiledPartition, device: string, file: string): string {
  const found = devices.find((written) => written.device.name === device)?.files.find(({ name }) => name === file);
  if (found === undefined) throw new Error(`${device} has no ${file}`);
  return found.content;
}

/** The rules of one nftables chain, without blanks before them; nothing if there is no such chain. */
export function chainOf(text: string, name: string): readonly string[] {
  const [, body = ''] = new RegExp(`^  chain ${name} \\{\\n(.*?)^  \\}\\n`, 'ms').exec(text) ?? [];
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The chains of a ruleset. */
export const chainNames = (text: string): readonly string[] =>
  [...text.matchAll(/^ {2}chain (\S+) \{$/gm)].map(([, name]) => name!);

/** The lines of a text that match, without blanks before them. */
export const linesOf = (text: string, pattern: RegExp): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => pattern.test(line));

/** What a firewall leaks, each as `source → target: prefixes`. */
export function leaks({ plan }: CompiledPartition, firewall: string): readonly string[] {
  const topology = new Topology(plan);
  const found = plan.firewalls.find(({ name }) => name === firewall);
  return leaksOf(found!, topology).map(printLeak);
}

function printLeak({ source, target, matches, noExport }: Leak): string {
  const prefixes = matches.map(
    ({ action, prefix, inside }) => `${action === 'deny' ? 'not ' : ''}${prefix.toString()}${inside ? '+' : ''}`,
  );
  return `${source.name} → ${target.name}: ${prefixes.join(' ')}${noExport ? ', kept inside' : ''}`;
}
