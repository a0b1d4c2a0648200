import { groupBy, type Reference } from '../model';
import {
  compareText,
  type Plan,
  type PlannedAttachment,
  type PlannedFirewall,
  type PlannedMachine,
  type PlannedNetwork,
  type Port,
  type Relation,
  relationsOf,
} from '../plan';

/** A plan with the indexes that devices are derived by; built once, so that deriving all devices stays linear. */
export class Topology {
  readonly #machines: ReadonlyMap<string, PlannedMachine>;
  readonly #firewalls: ReadonlyMap<string, PlannedFirewall>;
  readonly #networks: ReadonlyMap<Reference, PlannedNetwork>;
  readonly #machinesByNetwork: ReadonlyMap<Reference, readonly PlannedMachine[]>;
  readonly #relations: ReadonlyMap<PlannedFirewall, readonly Relation[]>;
  readonly #relationsByNetwork: ReadonlyMap<PlannedNetwork, readonly Relation[]>;
  readonly #networksOn = new Map<Carrier, readonly CarriedNetwork[]>();

  public constructor(public readonly plan: Plan) {
    this.#machines = new Map(plan.machines.map((machine) => [machine.name, machine]));
    this.#firewalls = new Map(plan.firewalls.map((firewall) => [firewall.name, firewall]));
    this.#networks = new Map(plan.networks.map((network) => [network.declared.path, network]));
    this.#machinesByNetwork = groupBy(plan.machines, ({ primary }) => primary.network.declared.path);
    this.#relations = new Map(
      plan.firewalls.map((firewall) => [firewall, relationsOf(firewall, this.machinesIn(firewall.primary.network))]),
    );
    this.#relationsByNetwork = groupBy([...this.#relations.values()].flat(), ({ connection }) => connection.network);
  }

  /** The networks of which a device has a VLAN, with it, ordered by name. */
  public networksOn(device: Carrier): readonly CarriedNetwork[] {
    const known = this.#networksOn.get(device);
    if (known !== undefined) return known;
    const made = [...device.vlans]
      .map(([path, vlan]) => ({ network: this.findNetwork(path), vlan }))
      .sort((a, b) => compareText(a.network.name, b.network.name));
    this.#networksOn.set(device, made);
    return made;
  }

  public machinesIn(network: PlannedNetwork): readonly PlannedMachine[] {
    return this.#machinesByNetwork.get(network.declared.path) ?? [];
  }

  public relationsOf(firewall: PlannedFirewall): readonly Relation[] {
    return this.#relations.get(firewall) ?? [];
  }

  /** The relations of all firewalls connected to the network. */
  public relationsTo(network: PlannedNetwork): readonly Relation[] {
    return this.#relationsByNetwork.get(network) ?? [];
  }

  public findNetwork(path: Reference): PlannedNetwork {
    return this.#networks.get(path) ?? missing('network', path);
  }

  /** The machine at the far end of a port; undefined if something else is there. */
  public tryMachineAt({ peer }: Port): PlannedMachine | undefined {
    return this.#machines.get(peer);
  }

  /** The machine at the far end of a port. */
  public machineAt(port: Port): PlannedMachine {
    return this.tryMachineAt(port) ?? missing('machine', port.peer);
  }

  /** The firewall at the far end of a port. */
  public firewallAt({ peer }: Port): PlannedFirewall {
    return this.#firewalls.get(peer) ?? missing('firewall', peer);
  }
}

/** A device that has VLANs. */
type Carrier = Pick<PlannedFirewall, 'vlans'>;

/** A network on a device, under the VLAN it has there. */
export interface CarriedNetwork {
  readonly network: PlannedNetwork;
  readonly vlan: number;
}

/** All the networks of a firewall, the primary one first. */
export function membershipsOf({ primary, connections }: PlannedFirewall): readonly PlannedAttachment[] {
  return [primary, ...connections];
}

function missing(kind: string, name: string): never {
  throw new Error(`invariant: no ${kind} ${name} is in the plan`);
}
