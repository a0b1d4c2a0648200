import { execFile, spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ExternalNetwork, Firewall, Flow, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { folderOf, Lab, type Management } from '../../lib/lab';
import { deadline, until } from '../../lib/lab/waiting';
import { connectionWhileRoutesChange } from './connection';
import { type Declare, describeFabric, type Scenario } from './scenario';

/** Seconds, as the fabric's BGP sessions are configured. */
const HOLD = 8;

/** One device that declares no management address, one with an IPv4 address, and one with an IPv6 address. */
const DEVICES = ['rack1-leaf1', 'blue-fw', 'blue-1'] as const;

const managed: Declare = (fra) => {
  const rack = new Rack(fra, 'rack1');
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
  new Machine(fra, 'blue-1', { rack, primaryNetwork: blue, managementAddress: '2001:db8:5::17' });
  const firewall = new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue, managementAddress: '172.31.9.4' });
  // A port that the devices' own sshd has, too.
  firewall.connect(storage, { allow: [Flow.toNetwork(storage).tcp(22)] });
};

const withRouter: Declare = (fra) => {
  const rack = new Rack(fra, 'rack1');
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64_500 }],
  });
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  new Machine(fra, 'blue-1', { rack, primaryNetwork: blue, managementAddress: '2001:db8:5::17' });
  new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue, managementAddress: '172.31.9.4' }).connect(internet);
};

beforeAll(() => {
  if (spawnSync('ssh', ['-V']).error === undefined) return;
  throw new Error('this machine has no ssh: apt-get install openssh-client');
});

interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Runs this machine's own OpenSSH with what the lab has written for it. */
function client(program: 'ssh' | 'scp', lab: Lab, words: readonly string[]): Promise<Said> {
  const base = ['-F', access(lab).sshConfigFile, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15'];
  return new Promise((done) => {
    execFile(program, [...base, ...words], { timeout: 60_000 }, (error, out, err) =>
      done({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err }),
    );
  });
}

const ssh = ({ lab }: Scenario, ...words: readonly string[]): Promise<Said> => client('ssh', lab, words);

function access({ management }: Lab): Management {
  if (management === undefined) throw new Error('the lab has no management network');
  return management;
}

describeFabric(
  'Devices are managed from outside of the fabric, by ssh with keys that are checked, and without a trace in what the fabric promises.',
  managed,
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test.each(DEVICES)('%s lets root and the operator in at its management address', async (name) => {
      const { lab } = scenario();
      const asked = await ssh(scenario(), name, 'hostname; id -un; echo "$SSH_CONNECTION"');
      expect(asked).toMatchObject({ exit: 0, err: '' });
      const [hostname, user, connection = ''] = asked.out.split('\n');
      expect([hostname, user]).toEqual([name, 'root']);
      expect(connection.split(' ').slice(2)).toEqual([access(lab).addressOf(name), '22']);
      const become = await ssh(scenario(), `fabric@${name}.lab`, 'id -un; pwd; sudo -n id -un');
      expect(become).toEqual({ exit: 0, out: 'fabric\n/home/fabric\nroot\n', err: '' });
    });

    test('files and folders are brought as Terraform brings them', async () => {
      const { lab, scratch } = scenario();
      const file = join(scratch.folder, 'brought');
      writeFileSync(file, 'as it was\n');
      // -O: the protocol of `scp -t`.
      const brought = await client('scp', lab, ['-O', file, 'fabric@blue-fw:.metal-fabric']);
      expect(brought).toMatchObject({ exit: 0 });
      expect((await ssh(scenario(), 'fabric@blue-fw', 'cat .metal-fabric')).out).toBe('as it was\n');
    });

    test('another authority than the lab’s is refused, and so is the certificate of another device', async () => {
      const { lab, scratch } = scenario();
      const { bastion, hostAuthority, addressOf } = plain(access(lab));
      const known = join(scratch.folder, 'known_hosts');
      const believe = (authority: string): readonly string[] => {
        writeFileSync(known, `bastion~ ${bastion.hostKey}\n@cert-authority * ${authority}\n`);
        return ['-o', `UserKnownHostsFile=${known}`];
      };
      const jump = ['-o', `ProxyCommand=ssh -F ${access(lab).sshConfigFile} -W %h:%p bastion~`];
      const reach = (authority: string, ...words: string[]): Promise<Said> =>
        ssh(scenario(), ...jump, ...believe(authority), ...words, 'true');
      expect(await reach(hostAuthority, 'rack1-leaf1')).toMatchObject({ exit: 0 });
      expect(await reach(bastion.hostKey, 'rack1-leaf1')).toMatchObject({ exit: 255, out: '' });
      // The name of one device, and the address of another one.
      const other = ['-o', `HostName=${addressOf('rack1-leaf2')}`, '-o', 'HostKeyAlias=rack1-leaf1.lab'];
      expect(await reach(hostAuthority, ...other, 'rack1-leaf1')).toMatchObject({ exit: 255, out: '' });
    });

    test('nobody comes in without the key, and the bastion itself is no place to work at', async () => {
      const { scratch } = scenario();
      const key = join(scratch.folder, 'another');
      expect(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]).status).toBe(0);
      const without = ['-o', `IdentityFile=${key}`, '-o', 'IdentityAgent=none'];
      const config = readConfig(scenario(), key);
      expect((await ssh(scenario(), '-F', config, ...without, 'bastion~')).err).toContain('Permission denied');
      expect(await ssh(scenario(), 'bastion~', 'id')).toMatchObject({ out: 'the bastion only passes on\n' });
    });

    test('the way in leads to the bastion only, and none leads out', async () => {
      const { lab } = scenario();
      const met: string[] = [];
      const server = createServer((socket) => void met.push(socket.remoteAddress ?? '')).listen(0, '127.0.0.1');
      try {
        await until(() => server.listening, deadline('a server', 5));
        const bound = server.address();
        const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
        const leave = `import socket; socket.create_connection(('198.19.0.2', ${port}), 5)`;
        expect((await lab.session.run(undefined, ['python3', '-c', leave])).exit).not.toBe(0);
        expect(met).toEqual([]);
      } finally {
        server.close();
      }
    });

    test('a connection lives through what becomes of the routes of its node', async () => {
      const { session } = scenario().lab;
      const nodes = ['one', 'two'].map((name) => ({ name, files: [] }));
      await session.makeNodes(nodes, [['one', 'eth1', 'two', 'eth1']]);
      expect(await connectionWhileRoutesChange(session, 'one', 'two')).toBe('300 changes\n');
    });

    test('what another process needs is kept with the lab, for its user only', async () => {
      const { lab } = scenario();
      const again = await Lab.open(lab.name);
      again.close();
      expect(again.management?.record).toEqual(access(lab).record);
      expect(statSync(access(lab).privateKeyFile).mode & 0o777).toBe(0o600);
      expect(access(lab).privateKeyFile).toContain(folderOf(lab.name));
    });

    test('the device’s own tools leave its management alone', async () => {
      await scenario().lab.reloadInterfaces(scenario().lab.nodes);
      expect(
        await ssh(scenario(), 'blue-1', 'ifreload -a && /usr/lib/frr/frrinit.sh restart >/run/said 2>&1 </dev/null'),
      ).toMatchObject({ exit: 0 });
      for (const name of DEVICES) expect(await ssh(scenario(), name, 'true')).toMatchObject({ exit: 0 });
      await scenario().expectKept({ withoutGuards: true });
    });

    test('a device without power is gone, and when it is back, so is all it promises', async () => {
      const { lab, shell } = scenario();
      const leave =
        'touch /root/kept /tmp/gone /run/gone; ip rule add preference 99 lookup 77; ip link add made type dummy';
      expect(await shell('rack1-leaf1', `${leave}; sysctl -w net.ipv4.conf.default.rp_filter=2`)).toMatchObject({
        exit: 0,
      });
      await lab.powerOff('rack1-leaf1');
      const carrier = async (): Promise<string> =>
        (await shell('blue-1', 'cat /sys/class/net/lan0/carrier')).out.trim();
      expect(await carrier()).toBe('0');
      expect(await ssh(scenario(), 'rack1-leaf1', 'true')).toMatchObject({ exit: 255 });
      await expect(shell('rack1-leaf1', 'true')).rejects.toThrow('rack1-leaf1 is switched off');
      await until(
        async () => !(await sessionUp(scenario(), 'spine1', 'rack1-leaf1')),
        deadline('the spine notices', HOLD * 2),
      );

      const steps = await lab.powerOn('rack1-leaf1');
      expect(steps.filter(({ exit }) => exit !== 0)).toEqual([]);
      expect(await ssh(scenario(), 'rack1-leaf1', 'true')).toMatchObject({ exit: 0 });
      const left = 'ls /root /tmp /run; ip rule; ip link show made; sysctl -n net.ipv4.conf.default.rp_filter';
      const { out, err } = await shell('rack1-leaf1', left);
      expect(out).toContain('kept\n');
      expect(out).not.toMatch(/gone|lookup 77/);
      expect(out).toMatch(/\n0\n$/);
      expect(err).toContain('does not exist');
      await scenario().expectKept();
    });
  },
  {},
  { management: {} },
);

describeFabric(
  'A bare fabric has devices with a way in and nothing else; the routers of others are there already.',
  withRouter,
  (scenario) => {
    test.each(DEVICES)('%s answers, and does not route', async (name) => {
      const look = 'pgrep -c "bgpd|zebra"; nft list ruleset; ls /etc/frr/frr.conf; grep -x bgpd=no /etc/frr/daemons';
      const { exit, out } = await ssh(scenario(), name, look);
      expect({ exit, out }).toEqual({ exit: 0, out: '0\nbgpd=no\n' });
    });

    test('the router of the internet runs', async () => {
      const { exit, out } = await scenario().shell('internet~isp1', 'vtysh -c "show bgp summary"');
      expect(exit).toBe(0);
      expect(out).toMatch(/Active|Connect|Idle/);
    });

    test('after a power cut a device is as bare, and answers again', async () => {
      const { lab } = scenario();
      await lab.powerOff('blue-1');
      const steps = await lab.powerOn('blue-1');
      expect(steps.filter(({ exit }) => exit !== 0)).toEqual([]);
      expect(await ssh(scenario(), 'blue-1', 'pgrep -c "bgpd|zebra"')).toMatchObject({ out: '0\n' });
    });
  },
  {},
  { management: {}, bare: true },
);

const plain = (management: Management): Pick<Management, 'bastion' | 'hostAuthority' | 'addressOf'> => ({
  bastion: management.bastion,
  hostAuthority: management.hostAuthority,
  addressOf: (device) => management.addressOf(device),
});

/** What the lab has written, with another key. */
function readConfig({ lab, scratch }: Scenario, key: string): string {
  const { bastion } = access(lab);
  const file = join(scratch.folder, 'ssh_config');
  const known = join(folderOf(lab.name), 'known_hosts');
  const lines = [`HostName ${bastion.host}`, `Port ${bastion.port}`, `User ${bastion.user}`, 'HostKeyAlias bastion~'];
  writeFileSync(
    file,
    [...lines, `UserKnownHostsFile ${known}`, `IdentityFile ${key}`, 'IdentitiesOnly yes', ''].join('\n'),
  );
  return file;
}

async function sessionUp({ lab, shell }: Scenario, node: string, peer: string): Promise<boolean> {
  const link = lab.topology.links.find(
    ({ a, b }) => [a, b].some((end) => end.node === node) && [a, b].some((end) => end.node === peer),
  );
  const port = link?.a.node === node ? link.a.port : link?.b.port;
  const { out } = await shell(node, 'vtysh -c "show bgp summary json"');
  const peers = (JSON.parse(out) as { ipv4Unicast: { peers: Record<string, { state: string }> } }).ipv4Unicast.peers;
  return peers[port ?? '']?.state === 'Established';
}
