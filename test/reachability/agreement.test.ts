import fc from 'fast-check';
import { deriveDevices } from '../../lib/device';
import { differences, Directory, everyFlow, knownOf, Reachability, Routing, snapshotOf } from '../../lib/reachability';
import { type Agreement, compare, flowsOf } from './agreement';
import { fabrics } from './fabrics';

/** `REACHABILITY_RUNS=200` takes some minutes. */
const RUNS = Number(process.env['REACHABILITY_RUNS'] ?? 12);

const seen = { fabrics: 0, flows: 0, arrived: 0 };

function count({ tried, arrived }: Agreement): void {
  seen.fabrics += 1;
  seen.flows += tried;
  seen.arrived += arrived;
}

describe('random valid fabrics', () => {
  test('a simulation of single packets says of every flow what the engine says', () => {
    fc.assert(
      fc.property(fabrics, ({ plan }) => {
        const snapshot = snapshotOf(plan, deriveDevices(plan));
        const agreement = compare(snapshot, flowsOf(new Directory(knownOf(plan)), 1));
        count(agreement);
        expect(agreement.differing).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(seen.fabrics).toBeGreaterThanOrEqual(RUNS);
    expect(seen.arrived).toBeGreaterThan(RUNS * 20);
    expect(seen.flows - seen.arrived).toBeGreaterThan(RUNS * 20);
  }, 3_600_000);

  test('what is promised is what the devices do, of all flows and not only of one in each class', () => {
    fc.assert(
      fc.property(fabrics, ({ plan, promises }) => {
        const routing = new Routing(snapshotOf(plan, deriveDevices(plan)));
        const directory = new Directory(knownOf(plan));
        expect(
          [...differences(routing, directory, promises, everyFlow(directory))].map(({ packet }) => packet),
        ).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  test('each has hosts that one stands for', () => {
    let [hosts, classes] = [0, 0];
    fc.assert(
      fc.property(fabrics, ({ plan, promises }) => {
        const found = new Reachability(() => snapshotOf(plan, deriveDevices(plan)), knownOf(plan), promises).classes;
        hosts += plan.machines.length;
        classes += found.flatMap(({ members: [unit] }) => unit?.machines ?? []).length;
        const members = found.flatMap((one) =>
          one.members.flatMap(({ machines }) => machines.flatMap((own) => own.members)),
        );
        expect(members.map(({ name }) => name).sort()).toEqual(plan.machines.map(({ name }) => name).sort());
      }),
      { numRuns: Math.min(RUNS, 25) },
    );
    expect(classes).toBeLessThan(hosts);
  }, 600_000);
});
