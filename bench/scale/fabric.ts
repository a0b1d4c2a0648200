import { App, LocalBackend, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
} from '../../lib';
import { type DescribedPartition, SERVICES, type Service } from './described';

/** Where an app writes. */
export interface Place {
  readonly outdir: string;
  readonly ledgerDirectory: string;
}

/** Puts declarations that do not refer to one another into some order. */
export type Order = <T>(list: readonly T[]) => readonly T[];

export const AS_DESCRIBED: Order = (list) => list;
export const BACKWARDS: Order = (list) => [...list].reverse();

/** An app with a stack for each partition. */
export function declareFabric(
  partitions: readonly DescribedPartition[],
  { outdir, ledgerDirectory }: Place,
  order = AS_DESCRIBED,
): App {
  const app = new App({ outdir });
  for (const described of order(partitions)) {
    const stack = new TerraformStack(app, described.name);
    // By default cdktf names its file by the whole path of the folder that the app is run in.
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    const partition = new Partition(stack, described.name, {
      superNetworks: ['10.0.0.0/9', 'fd00:10::/32'],
      ipv4PrefixLength: 24,
      spines: 4,
      switchPorts: 512,
      resourceType: ResourceType.TERRAFORM_DATA,
      ledgerDirectory,
    });
    declarePartition(partition, described, order);
  }
  return app;
}

/** Everything below a partition. */
export function declarePartition(fra: Partition, described: DescribedPartition, order: Order): void {
  const numbers = (count: number): readonly number[] => order([...Array(count).keys()]);
  const racks = new Map(
    numbers(described.racks).map((index) => [index, new Rack(fra, `rack${index + 1}`, { switchPorts: 64 })]),
  );
  const services = new Map(
    order(SERVICES).map((id) => [
      id,
      new SharedNetwork(fra, id, { project: id, nat: id === 'registry', ipv4PrefixLength: 18 }),
    ]),
  );
  const internet = declareInternet(fra, order);
  const tenants = new Map(
    numbers(described.tenants).map((index) => [
      index,
      new PrivateNetwork(fra, `tenant${index + 1}`, { project: `project${index + 1}` }),
    ]),
  );
  const networkOf = (network: number | Service): PrivateNetwork =>
    typeof network === 'number' ? found(tenants, network) : found(services, network);

  for (const { rack, tenant, services: consumed, ports } of order(described.firewalls)) {
    const place = { rack: found(racks, rack), primaryNetwork: networkOf(tenant) };
    const firewall = new Firewall(fra, `fw${tenant + 1}`, place);
    for (const service of order(consumed)) firewall.connect(networkOf(service));
    firewall.connect(internet, { allow: [Flow.to('0.0.0.0/0').tcp(...ports)] });
  }
  for (const [index, { rack, network }] of order([...described.machines.entries()])) {
    new Machine(fra, `machine${index + 1}`, { rack: found(racks, rack), primaryNetwork: networkOf(network) });
  }
}

function declareInternet(fra: Partition, order: Order): ExternalNetwork {
  return new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.0.0/20'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [
      ...order([
        { name: 'isp1', address: '192.0.2.1', asn: 64500 },
        { name: 'isp2', address: '192.0.2.3', asn: 64501 },
      ]),
    ],
  });
}

function found<K, V>(things: ReadonlyMap<K, V>, key: K): V {
  const thing = things.get(key);
  if (thing === undefined) throw new Error(`invariant: nothing was declared under ${String(key)}`);
  return thing;
}
