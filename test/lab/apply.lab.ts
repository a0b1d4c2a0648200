import {
  Firewall,
  Machine,
  type Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { type Flow, lostOf, type Pair, pairsBetween, printFlows, startTraffic } from '../../lib/lab';
import { type Deployment, describeSite, type Site } from './applied';
import { DRIFTS, reportOf } from './drifts';
import type { Declare } from './scenario';

/** What changes while the fabric lives. */
interface State {
  /** Tenants with a firewall. */
  readonly tenants: readonly string[];
  /** Whether the cluster offers its service to blue. */
  readonly shared: boolean;
}

/** A storage service, a cluster, and tenants, in two racks, so that what they say to one another takes EVPN routes. */
const declared =
  ({ tenants, shared }: State): Declare =>
  (fra: Partition) => {
    const racks = [new Rack(fra, 'rack1'), new Rack(fra, 'rack2')] as const;
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    const cluster = new PrivateNetwork(fra, 'cluster', { project: 'ops' });
    racks.forEach((rack, index) => {
      new Machine(fra, `node-${index + 1}`, { rack, primaryNetwork: cluster });
    });
    new Machine(fra, 'nvme-1', { rack: racks[1], primaryNetwork: storage });
    for (const tenant of tenants) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant });
      new Machine(fra, `${tenant}-1`, { rack: racks[0], primaryNetwork: network });
      const firewall = new Firewall(fra, `${tenant}-fw`, { rack: racks[0], primaryNetwork: network }).connect(storage);
      if (shared && tenant === 'blue') firewall.connect(cluster.share({ nat: true }));
    }
  };

const FIRST: State = { tenants: ['blue'], shared: false };
const GROWN: State = { tenants: ['blue', 'green'], shared: false };
const SHARED: State = { tenants: ['blue', 'green'], shared: true };
const SHRUNK: State = { tenants: ['blue'], shared: true };

/** Packets a second of each flow. */
const RATE = 10;

jest.setTimeout(900_000);

describeSite(
  'terraform apply brings a fabric onto empty devices, and changes it while its machines talk.',
  { first: declared(FIRST), largest: declared(GROWN) },
  (site) => {
    let current: Deployment;

    test('from empty devices to a fabric that keeps every promise', async () => {
      current = site().synthesize('first', declared(FIRST));
      const { exit, output, seconds } = await site().apply(current);
      report(`from empty devices: terraform apply took ${seconds.toFixed(0)} s`);
      if (exit !== 0) throw new Error(output);
      expect(output).toContain('Apply complete! Resources: 12 added, 0 changed, 0 destroyed.');
      await site().expectKept(current);
      // No secret is where it could be read.
      expect(output).not.toContain('PRIVATE KEY');
    });

    test('a second apply changes nothing, and nothing has drifted', async () => {
      const again = await site().apply(current);
      expect(again.output).toContain('No changes. Your infrastructure matches the configuration.');
      expect(await drifted(site(), current)).toEqual([]);
    });

    test('the same with terraform_data: every device has it already, and a second plan changes nothing', async () => {
      const props = { resourceType: ResourceType.TERRAFORM_DATA };
      const other = site().synthesize('terraform-data', declared(FIRST), props, 'terraform-data');
      const { exit, output } = await site().apply(other);
      if (exit !== 0) throw new Error(output);
      expect(output.match(/: unchanged: version/g)).toHaveLength(11);
      expect((await site().apply(other)).output).toContain('No changes.');
    });

    test.each([
      ['a consumer is added', 'grown', GROWN],
      ['a network is shared', 'shared', SHARED],
      ['a firewall is removed', 'shrunk', SHRUNK],
    ] as const)('%s: what should go on goes on', async (what, name, state) => {
      const next = site().synthesize(name, declared(state));
      const { flows, changed } = await during(site(), next);
      current = next;
      report(`${what}: ${changed.map(({ device, seconds }) => `${device} ${seconds} s`).join(', ')}`);
      report(printFlows(flows).trimEnd());
      report(byKind(flows, changed));
      await site().expectKept(next);
      expect(flows.filter(({ tcp }) => tcp.state !== 'open')).toEqual([]);
      expect(flows.filter((flow) => lostOf(flow) > 0).map((flow) => whenLost(flow, changed))).toEqual([]);
    });

    test('ten kinds of drift by hand are all found, no others, and repaired', async () => {
      expect(await drifted(site(), current)).toEqual([]);
      for (const { device, command } of DRIFTS) await site().shell(device, command);
      const found = await drifted(site(), current);
      report(found.map(({ device, kind, what }) => `${device}: ${kind} ${what}`).join('\n'));
      for (const { device, kind, told } of DRIFTS) {
        expect(found.filter((one) => one.device === device && one.kind === kind && told.test(one.what))).toHaveLength(
          1,
        );
      }
      expect([...new Set(found.map(({ device }) => device))].sort()).toEqual([
        ...new Set(DRIFTS.map(({ device }) => device).sort()),
      ]);

      const table = await site().command(
        'drift',
        current.output,
        ...identity(site()),
        '--device',
        'rack1-leaf1',
        'blue-fw',
      );
      report(table.output);
      expect(table.exit).toBe(3);

      const repaired = await site().command('drift', current.output, ...identity(site()), '--repair', '--yes');
      report(repaired.output);
      expect(repaired.exit).toBe(0);
      expect(await drifted(site(), current)).toEqual([]);
      await site().expectKept(current);
    });
  },
);

/** What `metal-fabric drift` tells of all devices; each must have been asked. */
async function drifted(
  site: Site,
  { output }: Deployment,
): Promise<readonly { readonly device: string; readonly kind: string; readonly what: string }[]> {
  const { devices } = await reportOf(site, output);
  expect(devices.filter(({ result }) => result !== 'as-applied' && result !== 'drifted')).toEqual([]);
  return devices.flatMap(({ device, differences }) => differences.map((one) => ({ device, ...one })));
}

const identity = ({ management }: Site): readonly string[] => ['--identity', management.privateKeyFile];

interface Changed {
  readonly device: string;
  readonly role: string;
  /** Seconds since 1970, by the clock of the lab. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** Applies a deployment while there is traffic between all that stays. */
async function during(
  { lab, apply, shell }: Site,
  after: Deployment,
): Promise<{ readonly flows: readonly Flow[]; readonly changed: readonly Changed[] }> {
  const start = Number(await shell('spine1', 'date +%s'));
  const traffic = await startTraffic(lab, staying(lab), RATE);
  const { exit, output } = await apply(after);
  const sockets: string[] = [];
  for (const node of ENDS) sockets.push(`${node}:\n${await shell(node, 'ss -tinoe')}`);
  const flows = await traffic.stop();
  if (exit !== 0) throw new Error(output);
  // It may still be called open: the bytes tell whether anything gets through.
  const stalled = flows.filter(({ tcp }) => tcp.state === 'open' && tcp.sent - tcp.received > 2 * RATE);
  if (stalled.length > 0) {
    for (const node of [...ENDS, 'blue-fw', 'rack1-leaf1', 'rack1-leaf2', 'rack2-leaf1', 'rack2-leaf2'])
      sockets.push(`${node}:\n${await shell(node, WAYS)}`);
    throw new Error(`stalled:\n${printFlows(stalled)}${sockets.join('\n')}`);
  }
  const changed: Changed[] = [];
  for (const { name, role } of lab.nodes) {
    if (role === 'router') continue;
    const journal = await shell(name, 'cat /var/log/metal-fabric/journal 2>/dev/null || true');
    for (const line of journal.split('\n').filter(Boolean)) {
      const { time, began, outcome } = JSON.parse(line) as { time: string; began: string; outcome: string };
      const [from, to] = [Date.parse(began) / 1000, Date.parse(time) / 1000];
      if (from < start - 1 || outcome !== 'applied') continue;
      changed.push({ device: name, role, from, to: to + 1, seconds: to - from });
    }
  }
  return { flows, changed };
}

/** What a node knows of the ways that packets take, and what it has dropped. */
const WAYS = `
ip -6 route show table all
ip nexthop
ip -6 neigh
awk '$2 > 0' /proc/net/snmp6
nft list ruleset 2>/dev/null | grep 'drop' | grep -v 'packets 0' || true`;

const ENDS = ['node-1', 'node-2', 'blue-1', 'nvme-1'] as const;

/** Flows that every state of the app lets through. */
const staying = (lab: Site['lab']): readonly Pair[] => [
  ...pairsBetween(lab, ENDS[0], ENDS[1], 2),
  ...pairsBetween(lab, ENDS[2], ENDS[3], 2),
];

const openAt = (changed: readonly Changed[], when: number): readonly Changed[] =>
  changed.filter(({ from, to }) => from <= when && when <= to);

/** When packets of a flow were lost, and what was being changed just then. */
function whenLost({ id, lostAt }: Flow, changed: readonly Changed[]): string {
  const times = lostAt.map((when) => {
    const open = openAt(changed, when).map(({ device, from }) => `${(when - from).toFixed(1)} s into ${device}`);
    return open.length === 0 ? `${when}, while nothing was changed` : open.join(' and ');
  });
  const spans = changed.map(({ device, from, to }) => `${device} ${from} to ${to}`);
  return `${id}: ${times.join('; ')}; changed: ${spans.join(', ')}`;
}

/** Which kinds of devices were being changed when a packet was lost. */
function byKind(flows: readonly Flow[], changed: readonly Changed[]): string {
  const lost = flows.flatMap(({ lostAt }) => lostAt);
  const kinds = [...new Set(changed.map(({ role }) => role)), 'none'];
  const during = (kind: string): number =>
    lost.filter((when) => {
      const open = openAt(changed, when);
      return kind === 'none' ? open.length === 0 : open.some(({ role }) => role === kind);
    }).length;
  return `lost while devices of a kind were changed: ${kinds.map((kind) => `${kind} ${during(kind)}`).join(', ')}`;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
