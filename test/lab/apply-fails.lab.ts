import { join } from 'node:path';
import { Machine, type Partition, PrivateNetwork, Rack } from 'cdktf-metal-fabric';
import { type Deployment, describeSite, type Site, tamper } from './applied';
import type { Declare } from './scenario';

const declared =
  (machines: number): Declare =>
  (fra: Partition) => {
    const rack = new Rack(fra, 'rack1');
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    for (let index = 1; index <= machines; index += 1) {
      new Machine(fra, `blue-${index}`, { rack, primaryNetwork: blue });
    }
  };

const [HEALTH, CONFIRM] = [20, 20] as const;
const [LEAF, PARTNER] = ['rack1-leaf1', 'rack1-leaf2'] as const;

jest.setTimeout(600_000);

describeSite(
  'What a device cannot live with comes back by itself, and its partner is never touched.',
  { first: declared(2), largest: declared(3) },
  (site) => {
    let current: Deployment;
    /** Both leaves would be changed: there is a third machine. */
    let next: Deployment;

    test('the fabric is up', async () => {
      current = site().synthesize('first', declared(2));
      const { exit, output } = await site().apply(current);
      if (exit !== 0) throw new Error(output);
      next = site().synthesize('next', declared(3));
    });

    test('a filter that locks the controller out: nobody can confirm it, so the leaf returns', async () => {
      const broken = tamper(next, join(site().scratch.folder, 'locked-out'), LEAF, 'nftables.conf', (text) =>
        replaced(text, / *iifname "eth0" tcp dport 22 counter accept\n/, ''),
      );
      const output = await expectReturned(broken);
      expect(output).toContain(`not confirmed within ${CONFIRM} s: the device could not be reached, or nobody asked`);
    });

    test('a configuration that FRR accepts and that leaves BGP down: the leaf returns', async () => {
      const broken = tamper(next, join(site().scratch.folder, 'bgp-down'), LEAF, 'frr.conf', (text) =>
        replaced(text, /neighbor fabric remote-as external/, 'neighbor fabric remote-as 64999'),
      );
      const output = await expectReturned(broken);
      expect(output).toMatch(
        new RegExp(`${LEAF}: BGP sessions that were up are not up again after ${HEALTH} s: swp\\d+, swp\\d+`),
      );
    });

    test('a file that FRR refuses: nothing is changed at all', async () => {
      const broken = tamper(
        next,
        join(site().scratch.folder, 'refused'),
        LEAF,
        'frr.conf',
        (text) => `${text}frobnicate\n`,
      );
      const before = await shown(site(), LEAF);
      const { exit, output } = await site().apply(broken);
      expect(exit).toBe(1);
      expect(output).toMatch(new RegExp(`${LEAF}: FRR refuses frr.conf: [^]*frobnicate[^]*nothing was changed`));
      expect(await shown(site(), LEAF)).toEqual(before);
    });

    test('a device with another release of FRR is refused before anything is changed', async () => {
      const broken = tamper(next, join(site().scratch.folder, 'release'), LEAF, 'device.list', (text) =>
        replaced(text, /^frr 10.3$/m, 'frr 9.1'),
      );
      const before = await shown(site(), LEAF);
      const { exit, output } = await site().apply(broken);
      expect(exit).toBe(1);
      expect(output).toContain(
        "FRR 10.3 is installed, the configuration is written for 9.1: install 9.1, or declare frrVersion '10.3'",
      );
      expect(await shown(site(), LEAF)).toEqual(before);
    });

    test('the sound configuration is applied afterwards, to both', async () => {
      const { exit, output } = await site().apply(next);
      if (exit !== 0) throw new Error(output);
      for (const leaf of [LEAF, PARTNER]) {
        expect(await site().shell(leaf, 'tail -n 1 /var/log/metal-fabric/journal')).toContain('"outcome":"applied"');
      }
      await site().expectKept(next);
    });

    async function expectReturned(broken: Deployment): Promise<string> {
      const [before, partner] = [await shown(site(), LEAF), await shown(site(), PARTNER)];
      const start = Date.now();
      const { exit, output, seconds } = await site().apply(broken);
      process.stderr.write(`${broken.stack.split('/').at(-3) ?? ''}: ${seconds.toFixed(0)} s\n${said(output)}\n`);
      expect(exit).toBe(1);
      expect(await shown(site(), LEAF)).toEqual(before);
      expect(await site().shell(LEAF, 'tail -n 1 /var/log/metal-fabric/journal')).toContain('"outcome":"returned"');
      // Long before Terraform gave up; under emulation, checking and reloading take their time twice.
      expect((Date.now() - start) / 1000).toBeLessThan(CONFIRM + HEALTH + 100);
      // It would have been next.
      expect(await shown(site(), PARTNER)).toEqual(partner);
      expect(output).not.toContain(`${PARTNER} (remote-exec)`);
      await site().expectKept(current);
      return output;
    }
  },
  { health: HEALTH, confirm: CONFIRM },
);

/** What Terraform told in the words of the device. */
const said = (output: string): string =>
  output
    .split('\n')
    .filter((line) => line.includes(`: ${LEAF}: `))
    .join('\n');

/** All of a device that a change could touch. */
async function shown({ shell }: Site, device: string): Promise<readonly string[]> {
  const status = await shell(device, 'sh /etc/metal-fabric/program status');
  const running = await shell(
    device,
    "vtysh -c 'show running-config'; nft -s list ruleset; ip -o link | sed 's/ qdisc .*//'; ip -o addr show scope global; cat /etc/network/interfaces.d/metal-fabric",
  );
  return [status, running];
}

/** A change that changes nothing would prove nothing. */
function replaced(text: string, what: RegExp, by: string): string {
  const changed = text.replace(what, by);
  expect(changed).not.toBe(text);
  return changed;
}
