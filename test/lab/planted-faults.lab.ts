import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Firewall, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { type CheckName, type Lab, type Mismatch, verify } from '../../lib/lab';
import { readOutput } from '../../lib/output';
import { describeFabric } from './scenario';

interface Fault {
  readonly device: string;
  readonly file: string;
  /** The line that is taken out of the written file: the first one that matches. */
  readonly line: (vni: Vni) => RegExp;
  /** The check that must notice. */
  readonly noticedBy: CheckName;
}

type Vni = (network: string) => number;

const FAULTS: Readonly<Record<string, Fault>> = {
  'a prefix-list entry': {
    device: 'blue-fw',
    file: 'frr.conf',
    line: (vni) => new RegExp(`^ip prefix-list vrf${vni('blue')}-from-vrf${vni('storage')} seq \\d+ permit .*$`, 'm'),
    noticedBy: 'flows',
  },
  'a route import': {
    device: 'blue-fw',
    file: 'frr.conf',
    line: (vni) => new RegExp(`^  import vrf vrf${vni('hidden')}$`, 'm'),
    noticedBy: 'flows',
  },
  'an nft rule': {
    device: 'blue-fw',
    file: 'nftables.conf',
    line: (vni) => new RegExp(`(?<=chain to-vlan${vni('storage')} \\{\\n)    ip saddr .* accept$`, 'm'),
    noticedBy: 'flows',
  },
  'a no-export': {
    device: 'blue-fw',
    file: 'frr.conf',
    line: () => /^ set community no-export additive$/m,
    noticedBy: 'routes',
  },
  'a leaf filter of packets': {
    device: 'rack1-leaf1',
    file: 'nftables.conf',
    line: () => /^ {4}iifname "swp1" ip saddr != .* drop$/m,
    noticedBy: 'guards',
  },
  'a leaf filter of routes': {
    device: 'rack1-leaf2',
    file: 'frr.conf',
    line: () => /^ {2}neighbor swp1 route-map swp1-in in$/m,
    noticedBy: 'guards',
  },
};

describeFabric(
  'Whatever is taken out of the written files, the virtual fabric notices, and names the device.',
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    const hidden = new SharedNetwork(fra, 'hidden', { project: 'ops', nat: true });
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
    new Machine(fra, 'blue-2', { rack, primaryNetwork: blue });
    new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
    new Machine(fra, 'ops-1', { rack, primaryNetwork: hidden });
    new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(storage).connect(hidden);
  },
  (scenario) => {
    test('the control: nothing is missing, and nothing is found', () => scenario().expectKept());

    test.each(Object.entries(FAULTS))('%s', async (name, fault) => {
      const { lab } = scenario();
      const original = lab.output.folder;
      const copy = join(scenario().scratch.folder, name.replaceAll(' ', '-'));
      cpSync(original, copy, { recursive: true, verbatimSymlinks: true });
      takeOut(copy, fault, lab);
      const faulty = lab.standingFor(readOutput(copy));
      await bootWith(faulty, fault);
      try {
        expect(faulty.output.changedByHand).toEqual([`${fault.device}/${fault.file}`]);
        const { checks, failed } = await verify(faulty, {
          settlingSeconds: 15,
          withoutGuards: fault.noticedBy !== 'guards',
        });
        expect(failed).toBeGreaterThan(0);
        const found = checks.find((check) => check.name === fault.noticedBy)?.mismatches ?? [];
        expect(found.map(suspectsOf)).toContainEqual(expect.arrayContaining([fault.device]));
        expect(found.flatMap(({ evidence }) => evidence).join('\n')).toContain(fault.device);
        // What the first finding of it says first is where one should look.
        expect(found.some(({ devices }) => devices[0] === fault.device)).toBe(true);
      } finally {
        await bootWith(faulty.standingFor(readOutput(original)), fault);
      }
    });

    test('the control again: all was put back', () => scenario().expectKept());
  },
);

/** The device starts anew with the file as it lies on disk, as if it had been booted with it. */
async function bootWith(lab: Lab, { device, file }: Fault): Promise<void> {
  await lab.session.write(device, lab.output.files.get(device) ?? []);
  const start = file === 'frr.conf' ? '/usr/lib/frr/watchfrr.sh restart all' : 'nft -f /etc/nftables.conf';
  await lab.onEach([lab.findNode(device)], ['sh', '-c', start], start);
}

const suspectsOf = ({ devices }: Mismatch): readonly string[] => devices;

function takeOut(folder: string, { device, file, line }: Fault, { output: { manifest } }: Lab): void {
  const path = join(folder, device, file);
  const text = readFileSync(path, 'utf8');
  const vni = (network: string): number => manifest.networks.find(({ name }) => name === network)?.vni ?? 0;
  const without = text.replace(line(vni), file === 'frr.conf' ? '!' : '');
  expect(without).not.toBe(text);
  writeFileSync(path, without);
}
