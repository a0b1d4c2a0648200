import { deriveDevices, type DeviceConfig, printDevice } from './device';
import { type LedgerFault, Lookup, NOTHING_RECORDED, type Fabric, type Partition, type Reference } from './model';
import { makeManifest, type Manifest, printManifest, proofRecord, type WrittenDevice } from './manifest';
import { type Ledger, type Plan, planPartition, recordedOf } from './plan';
import { during } from './phase';
import { makePromises, type Promise } from './promises';
import { type Known, knownOf, prove, Reachability, snapshotOf } from './reachability';
import { check, type Finding } from './rules';
import { checkPolicies } from './policies';

/** What is known of a partition's numbers before this compile. */
export interface LedgerInput {
  /** Undefined where there is none yet, or where it could not be read. */
  readonly ledger: Ledger | undefined;
  readonly fault: LedgerFault | undefined;
  /** The file it is kept in, for messages; undefined for the usual one. */
  readonly file: string | undefined;
  /** Whether no number may be given or freed. */
  readonly frozen: boolean;
}

export const NO_LEDGER: LedgerInput = { ledger: undefined, fault: undefined, file: undefined, frozen: false };

/** All that is broken; or, if nothing is, all that is to be written. */
export interface Compilation {
  readonly findings: readonly Finding[];
  /** Empty if there are findings. */
  readonly partitions: readonly CompiledPartition[];
}

export interface CompiledPartition {
  readonly plan: Plan;
  readonly devices: readonly WrittenDevice[];
  readonly promises: readonly Promise[];
  readonly manifest: Manifest;
  /** The text of `fabric.json`, printed each time it is asked for: it is as long as those of a quarter of all devices. */
  readonly manifestText: string;
  /** That its promises were proven: what is handed in as `proven` the next time. */
  readonly proof: string;
  /** What the devices let through, for who wants to know: their configurations are derived once more when first asked. */
  readonly reachability: Reachability;
  /** With the numbers that this compile gave. */
  readonly ledger: Ledger;
}

/**
 * From what is declared to what is written. A pure function: the same fabric and ledgers give the same result, to the
 * byte, in whatever order things were declared.
 * @throws where the devices do not keep the promises: a mistake of the library, with a packet that shows it
 * @param ledgers by the path of the partition
 * @param proven likewise: the proof that an earlier compile gave. What is proven is not proven again.
 */
export function compile(
  fabric: Fabric,
  ledgers: ReadonlyMap<Reference, LedgerInput> = new Map(),
  proven: ReadonlyMap<Reference, string> = new Map(),
): Compilation {
  const lookup = new Lookup(fabric);
  const planned = during('plan', () =>
    fabric.partitions.map((partition) => planOne(partition, lookup, ledgers.get(partition.path) ?? NO_LEDGER)),
  );
  const findings = during('rules', () => check({ ...fabric, partitions: planned.map(({ partition }) => partition) }));
  if (findings.length > 0) return { findings, partitions: [] };
  const written = planned.map(({ plan, ledger }) => writeOne(plan, ledger, proven.get(plan.partition.path)));
  const unkept = written.flatMap((one) => one.unkept);
  return unkept.length > 0
    ? { findings: unkept, partitions: [] }
    : { findings, partitions: written.map(({ partition }) => partition) };
}

/** Numbers are given even where rules are broken, so that what cannot be given is reported with all the rest. */
function planOne(
  partition: Partition,
  lookup: Lookup,
  { ledger: before, fault, file, frozen }: LedgerInput,
): { readonly partition: Partition; readonly plan: Plan; readonly ledger: Ledger } {
  const { plan, ledger, shortages } = planPartition(partition, lookup, before, file);
  const recorded = recordedOf({ before, after: ledger, fault, shortages, frozen });
  return { partition: { ...partition, recorded: { ...NOTHING_RECORDED, ...recorded } }, plan, ledger };
}

/** A partition's output, and which of its policies are not kept: what devices let through is known only once there are any. */
function writeOne(
  plan: Plan,
  ledger: Ledger,
  proven: string | undefined,
): { readonly partition: CompiledPartition; readonly unkept: readonly Finding[] } {
  const { configs, devices } = writeDevices(plan);
  const promises = during('promise', () => makePromises(plan));
  const manifest = during('promise', () => makeManifest(plan, devices, promises));
  const known = knownOf(plan);
  const proof = during('reachability', () => proofRecord(manifest, known.inside));
  const unkept = during('reachability', checking(plan, configs, known, promises, proof !== proven));
  let reachability: Reachability | undefined;
  const partition = {
    plan,
    devices,
    promises,
    manifest,
    get manifestText() {
      return during('promise', () => printManifest(manifest));
    },
    proof,
    // The trees of all devices take more room than their texts, and few ask for them once the promises are proven.
    get reachability() {
      return (reachability ??= new Reachability(() => snapshotOf(plan, deriveDevices(plan)), known, promises));
    },
    ledger,
  };
  return { partition, unkept };
}

/**
 * Proves the promises if that is asked for, and gives back the policies that are not kept. A function of its own, since what a
 * closure of a function holds is held by all of them: the trees must not outlive the proof.
 */
const checking =
  (
    plan: Plan,
    configs: readonly DeviceConfig[],
    known: Known,
    promises: readonly Promise[],
    isUnproven: boolean,
  ): (() => readonly Finding[]) =>
  () => {
    const reachability = new Reachability(() => snapshotOf(plan, configs), known, promises);
    if (isUnproven) prove(reachability, plan.partition.name);
    return checkPolicies(plan.partition, reachability);
  };

function writeDevices(plan: Plan): {
  readonly configs: readonly DeviceConfig[];
  readonly devices: readonly WrittenDevice[];
} {
  const configs = during('derive', () => deriveDevices(plan));
  const devices = during('print', () =>
    configs.map((config): WrittenDevice => {
      return { device: config.device, role: config.role, files: printDevice(config) };
    }),
  );
  return { configs, devices };
}
