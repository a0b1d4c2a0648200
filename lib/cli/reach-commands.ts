import Table from 'cli-table3';
import { Command } from 'commander';
import { resetSessions } from '../apply';
import { Address, InvalidValue, PORT_RANGE } from '../net';
import type { Endpoint } from '../promises';
import {
  type Asked,
  compareFlows,
  tryEndpointAt,
  type FlowChange,
  type Hop,
  type MatrixCell,
  matrixCells,
  pairsOf,
  printService,
  printVerdict,
  type Reachability,
  type Service,
  tryAsk,
  type Verdict,
  verdicts,
} from '../reachability';
import { RULES } from '../rules';
import { readFabric, type ReadFabric } from '../output';
import { Refusal } from '../refusal';
import { EndedWith, examples, EXIT, printJson, type Terminal } from './terminal';

interface Options {
  readonly output: string;
  readonly json?: true;
}

const withOutput = (command: Command): Command =>
  command
    .option('-o, --output <path>', 'cdktf.out, or what is in it', 'cdktf.out')
    .option('--json', 'print the answer as JSON');

/** Why a packet arrives, or does not. */
export function explainCommand(terminal: Terminal): Command {
  return withOutput(
    new Command('explain').description('follows a packet through the configurations, and says which line decides'),
  )
    .argument('<from>', 'a host, a network, or an address')
    .argument('<to>', 'the same; an external network stands for what lies beyond it')
    .argument('[service]', 'icmp, tcp, udp, tcp/443 or udp/5000-5999', 'icmp')
    .addHelpText(
      'after',
      `${examples(
        'metal-fabric explain blue-1 nvme-1 tcp/4420',
        'metal-fabric explain blue-1 198.51.100.10 tcp/443 --json',
        'metal-fabric explain internet blue-1 tcp/22 -o cdktf.out/stacks/fra-equ01',
      )}\nExit codes: 0 all of it is allowed; 3 some of it is not; 1 refused; 2 the command line was not understood.`,
    )
    .action((from: string, to: string, service: string, { output, json }: Options) => {
      const { reachability } = readFabric(output);
      const one = ask(reachability, from, to, undefined);
      const other = ask(reachability, to, from, one.endpoints[0]);
      const found = pairsOf(one, other).flatMap(([a, b]) => [...verdicts(reachability, a, b, [readService(service)])]);
      if (found.length === 0) {
        const empty = [one, other].find(({ endpoints }) => endpoints.length === 0);
        if (empty !== undefined) throw new Refusal(`nobody is in ${empty.name}`, 'name a network with a machine in it');
        const isSame = one.endpoints.some(({ name }) => other.endpoints.some((another) => another.name === name));
        throw isSame
          ? new Refusal(`${from} and ${to} are the same host`, 'name two different ones')
          : new Refusal(`${from} and ${to} have no addresses of one family`, 'name two hosts that have');
      }
      terminal.out(
        json === true
          ? printJson(found.map(verdictJson))
          : `${found.map((one) => printVerdict(one, reachability.directory)).join('\n\n')}\n`,
      );
      if (!found.every(({ allowed }) => allowed)) throw new EndedWith(EXIT.differs, '');
    });
}

/** Who may open what to whom. */
export function matrixCommand(terminal: Terminal): Command {
  return withOutput(
    new Command('matrix').description('shows what each network may open to each other one; what is left out is denied'),
  )
    .addHelpText('after', examples('metal-fabric matrix', 'metal-fabric matrix -o cdktf.out --json'))
    .action(({ output, json }: Options) => {
      const { reachability } = readFabric(output);
      const cells = [...matrixCells(reachability)];
      terminal.out(json === true ? printJson(cells) : printMatrix(cells, emptyNetworks(reachability)));
    });
}

/** The rules that a fabric keeps. */
export function rulesCommand(terminal: Terminal): Command {
  return new Command('rules')
    .description('lists the rules that every fabric keeps; what breaks one is reported at synthesis')
    .argument('[words...]', 'only rules whose id or statement holds all of these')
    .option('--json', 'print the rules as JSON')
    .addHelpText('after', examples('metal-fabric rules', 'metal-fabric rules nat', 'metal-fabric rules --json'))
    .action((words: readonly string[], { json }: Options) => {
      const found = RULES.filter(({ id, statement }) =>
        words.every((word) => `${id} ${statement}`.toLowerCase().includes(word.toLowerCase())),
      );
      const shown = found.map(({ id, statement, source }) => ({ id, statement, source }));
      if (json === true) terminal.out(printJson(shown));
      else terminal.out(shown.map(({ id, statement }) => `${id}\n    ${statement}\n`).join(''));
      if (found.length === 0) throw new Refusal('no rule holds these words', 'leave some out');
    });
}

/** What a change opens and closes. */
export function diffCommand(terminal: Terminal): Command {
  return new Command('diff')
    .description('compares two outputs: flows gained and lost, devices touched, BGP sessions reset')
    .argument('<old>', 'an output, such as a copy of cdktf.out')
    .argument('<new>', 'another one')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `${examples('metal-fabric diff before cdktf.out', 'metal-fabric diff before cdktf.out --json')}\nExit codes: 0 nothing differs; 3 something does; 1 refused; 2 the command line was not understood.`,
    )
    .action((old: string, fresh: string, { json }: Options) => {
      const change = changeOf(readFabric(old), readFabric(fresh));
      terminal.out(json === true ? printJson(change) : printChange(change));
      const { flows, devices } = change;
      if (flows.length > 0 || devices.length > 0) throw new EndedWith(EXIT.differs, '');
    });
}

function ask(reachability: Reachability, text: string, otherEnd: string, from: Endpoint | undefined): Asked {
  const known = tryAsk(reachability, text, reachability.promisedAbout(otherEnd));
  if (known !== undefined) return known;
  const address = tryAddress(text);
  const endpoint = address === undefined ? undefined : tryEndpointAt(reachability, address, from);
  if (endpoint !== undefined) return { name: text, endpoints: [endpoint] };
  if (address !== undefined) {
    throw new Refusal(
      `nobody has ${text}: no host of the fabric, and nobody beyond it`,
      'name an address that a host has, or one that an external network leads to',
    );
  }
  throw new Refusal(`no host or network of the fabric is called ${text}`, fixOf(reachability, text));
}

function fixOf({ directory: { known } }: Reachability, text: string): string {
  const names = [...known.hosts, ...known.networks].map(({ name }) => name);
  const alike = [...new Set(names)].filter((name) => isAlike(name, text)).sort();
  return alike.length === 0 || alike.length > 10
    ? 'name one, or an address: fabric.json has them all'
    : `name one, such as ${alike.join(', ')}, or an address`;
}

/** One is part of the other, or both begin with the same word. */
function isAlike(name: string, text: string): boolean {
  const [one, other] = [name.toLowerCase(), text.toLowerCase()];
  const [first = ''] = one.split(/[^a-z]/);
  return other !== '' && (one.includes(other) || other.includes(one) || (first.length > 1 && other.startsWith(first)));
}

/** Those in which there is nobody to ask. */
const emptyNetworks = (reachability: Reachability): readonly string[] =>
  reachability.directory.known.networks
    .map(({ name }) => name)
    .filter((name) => tryAsk(reachability, name)?.endpoints.length === 0);

function tryAddress(text: string): Address | undefined {
  try {
    return Address.parse(text);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}

function readService(text: string): Service {
  const [, protocol, first, last] = /^(icmp|tcp|udp)(?:\/(\d+)(?:-(\d+))?)?$/.exec(text) ?? [];
  if (protocol === 'icmp' && first === undefined) return { protocol, ports: { first: 0, last: 0 } };
  if ((protocol === 'tcp' || protocol === 'udp') && first === undefined) return { protocol, ports: PORT_RANGE };
  const ports = { first: Number(first), last: Number(last ?? first) };
  const isRange = PORT_RANGE.first <= ports.first && ports.first <= ports.last && ports.last <= PORT_RANGE.last;
  if ((protocol === 'tcp' || protocol === 'udp') && isRange) return { protocol, ports };
  throw new Refusal(`"${text}" is no service`, 'write it like icmp, tcp/443 or udp/5000-5999');
}

const hopJson = ({ device, does, line }: Hop): object => ({
  device,
  does,
  line: line === undefined ? null : lineJson(line),
});

const lineJson = ({ device, file, line, within }: NonNullable<Hop['line']>): object => ({
  device,
  file,
  line,
  within: within ?? null,
});

function verdictJson({ from, to, service, line, sourceSeen, path, back, ...rest }: Verdict): object {
  const end = ({ name, network, address }: Endpoint): object => ({ name, network, address: address.toString() });
  return {
    from: end(from),
    to: end(to),
    service: printService(service),
    ...rest,
    sourceSeen: sourceSeen ?? null,
    line: line === undefined ? null : lineJson(line),
    path: path.map(hopJson),
    back: back.map(hopJson),
  };
}

function printMatrix(cells: readonly MatrixCell[], empty: readonly string[]): string {
  const table = new Table({ head: ['from', 'to', 'IPv4', 'seen as', 'IPv6'], style: { head: [], border: [] } });
  for (const { from, to, families } of cells) {
    table.push([from, to, families.ipv4?.allowed ?? '', families.ipv4?.seenAs ?? '', families.ipv6?.allowed ?? '']);
  }
  return `${table.toString()}\n${empty.length === 0 ? '' : `no machine in ${empty.join(', ')}: nobody to ask\n`}`;
}

interface Change {
  readonly flows: readonly FlowChange[];
  readonly devices: readonly { readonly device: string; readonly files: readonly string[] }[];
  readonly resets: readonly {
    readonly device: string;
    readonly vrf: string;
    readonly neighbor: string;
    readonly reason: string;
  }[];
}

function changeOf(before: ReadFabric, after: ReadFabric): Change {
  const [old, fresh] = [before, after].map(({ output }) => textsOf(output));
  const names = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])].sort();
  const devices = names.flatMap((device) => {
    const [was, is] = [old?.get(device) ?? new Map<string, string>(), fresh?.get(device) ?? new Map<string, string>()];
    const files = [...new Set([...was.keys(), ...is.keys()])].filter((file) => was.get(file) !== is.get(file));
    return files.length === 0 ? [] : [{ device, files }];
  });
  const resets = devices.flatMap(({ device }) => {
    const [was, is] = [old?.get(device)?.get('frr.conf'), fresh?.get(device)?.get('frr.conf')];
    if (was === undefined || is === undefined) return [];
    return resetSessions(was, is).map((reset) => ({ device, ...reset }));
  });
  return { flows: compareFlows(before.reachability, after.reachability), devices, resets };
}

/** By device, the texts of its files. */
function textsOf({ manifest, files }: ReadFabric['output']): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    manifest.devices.map(({ name, files: named }) => [
      name,
      new Map(
        named.map((file) => [
          file.name,
          files
            .get(name)
            ?.find(({ path }) => path === file.path)
            ?.content.toString() ?? '',
        ]),
      ),
    ]),
  );
}

function printChange({ flows, devices, resets }: Change): string {
  const list = (title: string, lines: readonly string[]): readonly string[] => [
    `${title}: ${lines.length === 0 ? 'none' : ''}`.trimEnd(),
    ...lines.map((line) => `  ${line}`),
  ];
  const ends = ({ from, to, family }: FlowChange): string => `${from} → ${to} ${family}`;
  return `${[
    ...list(
      'flows gained',
      flows.filter(({ gained }) => gained !== '').map((flow) => `${ends(flow)}: ${flow.gained}`),
    ),
    ...list(
      'flows lost',
      flows.filter(({ lost }) => lost !== '').map((flow) => `${ends(flow)}: ${flow.lost}`),
    ),
    ...list(
      'seen as another address',
      flows.flatMap((flow) =>
        flow.seenAs === undefined ? [] : [`${ends(flow)}: ${flow.seenAs.before}, now ${flow.seenAs.after}`],
      ),
    ),
    ...list(
      'devices touched',
      devices.map(({ device, files }) => `${device}: ${files.join(', ')}`),
    ),
    ...list(
      'BGP sessions reset',
      resets.map(({ device, vrf, neighbor, reason }) => `${device} ${vrf} ${neighbor}: ${reason}`),
    ),
  ].join('\n')}\n`;
}
