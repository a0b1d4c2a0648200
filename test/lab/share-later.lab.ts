import { Firewall, Machine, PrivateNetwork, Rack } from 'cdktf-metal-fabric';
import { applyLive, lostOf, pairsBetween, printFlows, startTraffic, verify } from '../../lib/lab';
import { type Declare, describeFabric, printMismatch } from './scenario';

/** As examples/share-later: a cluster starts to offer a service, after it was allocated. */
const declared =
  (shared: boolean): Declare =>
  (fra) => {
    // In two racks, so that what they say to one another depends on EVPN routes.
    const [rack, other] = [new Rack(fra, 'rack1'), new Rack(fra, 'rack2')];
    const cluster = new PrivateNetwork(fra, 'cluster', { project: 'ops' });
    new Machine(fra, 'node-1', { rack, primaryNetwork: cluster });
    new Machine(fra, 'node-2', { rack: other, primaryNetwork: cluster });
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
    // A firewall offers nothing to tenants: traffic inside of blue needs a second machine.
    new Machine(fra, 'blue-2', { rack: other, primaryNetwork: blue });
    const firewall = new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue });
    if (shared) firewall.connect(cluster.share({ nat: true }));
  };

const RATE = 20;

describeFabric(
  'A network can be shared while its machines talk: nothing that is on its way is lost, and then the firewall leads there.',
  declared(false),
  (scenario) => {
    test('every promise is kept before', () => scenario().expectKept({ withoutGuards: true }));

    test('sharing it loses no packet, and every promise of the new state is kept', async () => {
      const { lab, synthesize } = scenario();
      const output = synthesize(declared(true), 'shared');
      const pairs = [...pairsBetween(lab, 'node-1', 'node-2', 2), ...pairsBetween(lab, 'blue-1', 'blue-2', 2)];
      const traffic = await startTraffic(lab, pairs, RATE);
      const applied: string[] = [];
      const shared = await applyLive(lab, output, ({ node, files }) => applied.push(`${node}: ${files.join(' ')}`));
      const flows = await traffic.stop();
      process.stderr.write(`shared later, ${applied.join('; ')}\n${printFlows(flows)}`);
      expect(applied.map((line) => line.split(':')[0])).toEqual(['rack1-leaf1', 'rack1-leaf2', 'blue-fw']);

      const { checks, passed } = await verify(shared);
      expect(passed).toBeGreaterThan(0);
      expect(checks.flatMap(({ mismatches }) => mismatches).map(printMismatch)).toEqual([]);
      expect(shared.output.manifest.promises.some(({ because }) => because === 'translated by blue-fw')).toBe(true);

      for (const flow of flows) {
        expect(flow.sent).toBeGreaterThan(RATE);
        expect({ id: flow.id, lost: lostOf(flow), tcp: flow.tcp.state }).toEqual({ id: flow.id, lost: 0, tcp: 'open' });
        expect(flow.tcp.received).toBe(flow.tcp.sent);
      }
    });
  },
);
