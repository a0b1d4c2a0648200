import Table from 'cli-table3';
import {
  type DeviceDrift,
  type DevicePlan,
  type DriftResult,
  type Effects,
  type PlanResult,
  printable,
  type Repair,
  type SessionReset,
} from '../apply';

/** Differences of a device that are printed; all are in the JSON. */
const SHOWN = 20;

/** How results read. */
const WORDS: Readonly<Record<DriftResult | PlanResult, string>> = {
  'as-applied': 'as applied',
  drifted: 'drifted',
  'other-version': 'other version',
  'never-applied': 'never applied',
  unchanged: 'unchanged',
  changes: 'changes',
  new: 'new',
  busy: 'busy',
  interrupted: 'interrupted',
  unreachable: 'unreachable',
  error: 'error',
};

const short = (version: string | null): string => version?.slice(0, 12) ?? '';

const counted = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** What `drift` prints: a table, the differences, and the sum. */
export function printDrift(partition: string, devices: readonly DeviceDrift[]): string {
  const table = new Table({
    head: ['device', 'role', 'result', 'applied', 'differences'],
    style: { head: [], border: [] },
  });
  table.push(
    ...devices.map((one) => [one.device, one.role, WORDS[one.result], short(one.applied), summaryOf(one.differences)]),
  );
  return `${table.toString()}\n${printDriftLines(devices)}\n${sumOfDrift(partition, devices)}\n`;
}

function summaryOf(differences: DeviceDrift['differences']): string {
  const counts = new Map<string, number>();
  for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** The devices that are not as the output says, with what differs. */
function printDriftLines(devices: readonly DeviceDrift[]): string {
  return devices
    .flatMap(({ device, result, applied, wanted, reason, differences }) => {
      const lines = [
        ...(reason === null ? [] : [reason]),
        ...(result === 'other-version' ? [`applied is ${short(applied)}, the output has ${short(wanted)}`] : []),
        ...differences.slice(0, SHOWN).map(({ kind, what }) => `${kind.padEnd(10)}  ${what}`),
        ...(differences.length > SHOWN ? [`… and ${differences.length - SHOWN} more; --json has all`] : []),
      ];
      return lines.length === 0
        ? []
        : [`\n${device}: ${WORDS[result]}\n${lines.map((line) => `  ${line}\n`).join('')}`];
    })
    .join('');
}

function sumOfDrift(partition: string, devices: readonly DeviceDrift[]): string {
  const counts = new Map<DriftResult, number>();
  for (const { result } of devices) counts.set(result, (counts.get(result) ?? 0) + 1);
  const parts = (Object.keys(WORDS) as DriftResult[]).flatMap((result) => {
    const count = counts.get(result);
    return count === undefined ? [] : [`${count} ${WORDS[result]}`];
  });
  return `${partition}: ${counted(devices.length, 'device', 'devices')}, ${parts.join(', ')}`;
}

export const printRepair = ({ device, outcome, reason }: Repair): string =>
  `${device}: ${outcome.replace('-', ' ')}${reason === null ? '' : `: ${reason}`}\n`;

/** The same as data. */
export const driftJson = (
  partition: string,
  devices: readonly DeviceDrift[],
  repairs: readonly Repair[] | undefined,
): object => ({
  format: 'cdktf-metal-fabric/drift',
  version: 1,
  partition,
  devices,
  ...(repairs === undefined ? {} : { repairs }),
});

/** What Terraform's external data source takes: an object of strings. */
export function driftForTerraform(partition: string, devices: readonly DeviceDrift[]): object {
  // Before an apply, versions differ by nature; that is the plan's to say.
  const drifted = devices.filter(({ differences }) => differences.length > 0);
  const unreachable = devices.filter(({ reason }) => reason !== null);
  return {
    drifted: drifted.map(({ device }) => device).join(' '),
    unreachable: unreachable.map(({ device }) => device).join(' '),
    text: `${sumOfDrift(partition, devices)}\n${printDriftLines([...drifted, ...unreachable])}`,
  };
}

/** What `plan` prints: for each device that changes the texts and what becomes of it, and the sum. */
export function printPlan(devices: readonly DevicePlan[], colors: boolean): string {
  const count = (...results: readonly PlanResult[]): number =>
    devices.filter(({ result }) => results.includes(result)).length;
  const [changes, same, fresh] = [count('changes'), count('unchanged'), count('new')];
  const rest = devices.length - changes - same - fresh;
  return [
    ...devices.map((device) => printDevicePlan(device, colors)),
    `${counted(changes, 'device changes', 'devices change')}, ${same} unchanged, ${fresh} new, ${rest} could not be compared\n`,
  ].join('');
}

function printDevicePlan(plan: DevicePlan, colors: boolean): string {
  const { device, role, result, applied, wanted, reason, files, effects } = plan;
  const title = `${device} (${role}): ${WORDS[result]}`;
  switch (result) {
    case 'unchanged':
      return '';
    case 'new':
      return `${title}, ${counted(files.length, 'file', 'files')} of version ${short(wanted)}\n\n`;
    case 'changes': {
      const texts = files.map(({ diff }) => colored(printable(diff), colors)).join('');
      const note = files.length === 0 ? '  no file changes; what device.list says of the device does\n' : '';
      const versions =
        applied === wanted
          ? '; its files were edited by hand, which Terraform does not see: metal-fabric drift'
          : ` from ${short(applied)} to ${short(wanted)}`;
      return `${title}${versions}\n${texts}${note}${effects === null ? '' : printEffects(effects)}\n`;
    }
    case 'busy':
    case 'interrupted':
    case 'unreachable':
    case 'error':
      return `${title}: ${reason ?? ''}\n\n`;
  }
}

function printEffects({ tools, sessions, interfaces }: Effects): string {
  const { added, removed, addressesAdded, addressesRemoved } = interfaces;
  const lines: readonly [string, readonly string[]][] = [
    ['runs', tools.length === 0 ? [] : [tools.join(', ')]],
    ['resets', groupedSessions(sessions)],
    [
      'interfaces',
      [
        ...removed.map((name) => `- ${name}`),
        ...added.map((name) => `+ ${name}`),
        ...addressesRemoved.map((one) => `- ${one.address} of ${one.interface}`),
        ...addressesAdded.map((one) => `+ ${one.address} of ${one.interface}`),
      ],
    ],
  ];
  return lines
    .flatMap(([what, said]) =>
      said.map((line, index) => `  ${(index === 0 ? `${what}:` : '').padEnd(12)}${printable(line)}\n`),
    )
    .join('');
}

/** Sessions that are reset for the same reason share a line. */
function groupedSessions(sessions: readonly SessionReset[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { vrf, neighbor, reason } of sessions) {
    const where = `${vrf === 'default' ? '' : ` in ${vrf}`}: ${reason}`;
    groups.set(where, [...(groups.get(where) ?? []), neighbor]);
  }
  return [...groups].map(([where, names]) => `BGP ${names.join(', ')}${where}`);
}

/** Red what goes, green what comes. */
const colored = (diff: string, colors: boolean): string =>
  colors
    ? diff.replace(
        /^(?:(-.*)|(\+.*)|(@@.*))$/gm,
        (line, gone: string | undefined, come: string | undefined) =>
          `\u001b[${gone !== undefined ? 31 : come !== undefined ? 32 : 36}m${line}\u001b[0m`,
      )
    : diff;

/** The same as data. */
export const planJson = (partition: string, devices: readonly DevicePlan[]): object => ({
  format: 'cdktf-metal-fabric/plan',
  version: 1,
  partition,
  devices,
});
