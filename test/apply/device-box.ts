import { createHash } from 'node:crypto';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const PROGRAM = resolve(__dirname, '..', '..', 'lib', 'apply', 'on-device', 'metal-fabric-device');

/** A machine without Python has that of the unpacked parsers. */
const hasPython = spawnSync('python3', ['--version']).error === undefined;
const PYTHON = resolve(__dirname, '..', '..', '.cache', 'debian', 'bin', 'run-trixie');

export interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** The files of a device, by name. */
export type Files = Readonly<Record<string, string>>;

const PLACES: Readonly<Record<string, string>> = {
  daemons: '/etc/frr/daemons',
  environment: '/etc/profile.d/90-metal-fabric.sh',
  'frr.conf': '/etc/frr/frr.conf',
  interfaces: '/etc/network/interfaces.d/metal-fabric',
  'nftables.conf': '/etc/nftables.conf',
  'sysctl.conf': '/etc/sysctl.d/90-metal-fabric.conf',
};

/**
 * A device in a folder: the program with its real shell, and stand-ins for FRR, nftables, ifupdown2 and the kernel that
 * keep what they were told in files. Those that take a while are half done in between, as the real ones are.
 */
export class DeviceBox {
  public readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'device-')));
  /** Of everything that runs on the device. */
  public readonly env: Record<string, string>;

  public constructor() {
    const bin = join(this.root, 'bin');
    this.env = {
      METAL_FABRIC_ROOT: this.root,
      METAL_FABRIC_PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
      METAL_FABRIC_SETTLE: '0.05',
      STATE: join(this.root, 'state'),
    };
    for (const [path, text] of Object.entries(STAND_INS)) {
      this.write(path, text.startsWith('#!') ? text : `#!/bin/sh\n${text}`);
      chmodSync(join(this.root, path), 0o755);
    }
    if (!hasPython) {
      this.write('bin/python3', `#!/bin/sh\nexec "${PYTHON}" usr/bin/python3 "$@"\n`);
      chmodSync(join(this.root, 'bin/python3'), 0o755);
    }
    this.write('etc/network/interfaces', 'auto lo\nsource /etc/network/interfaces.d/*\n');
    this.write('etc/network/ifupdown2/ifupdown2.conf', 'addon_syntax_check=0\n');
    for (const name of ['config', 'main']) this.write(`usr/share/ifupdown2/ifupdown/${name}.py`, MODULE);
    this.#start();
  }

  /** What a kernel has at first. */
  #start(): void {
    this.write('state/links', 'lo\neth0\nswp1\nbridge\n');
    this.write('state/vlans', '1\n');
    this.write('state/rules', '0:\tfrom all lookup local\n');
    this.write('state/bgp-routes', `${BGP_ROUTES.join('\n')}\n`);
  }

  public remove(): void {
    this.killAll();
    rmSync(this.root, { recursive: true, force: true });
  }

  public write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  public read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Undefined for a file that is not there, or that goes at this moment. */
  public tryRead(path: string): string | undefined {
    try {
      return this.read(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** A folder as it was uploaded; gives its version. */
  public upload(files: Files, { sessions = ['swp1'], frr = '10.3' } = {}): string {
    rmSync(this.incoming, { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) this.write(join('incoming', name), text);
    const list = [
      'metal-fabric-device 1',
      'device leaf1',
      'role leaf',
      `frr ${frr}`,
      'management eth0',
      ...sessions.map((name) => `session default ${name}`),
      ...Object.entries(files).map(([name, text]) => `file ${sha256(text)} ${name} ${PLACES[name] ?? '/etc/nowhere'}`),
    ].join('\n');
    this.write('incoming/device.list', `${list}\n`);
    return sha256(`${list}\n`);
  }

  public get incoming(): string {
    return join(this.root, 'incoming');
  }

  public run(...words: readonly string[]): Run {
    return this.runWith('', ...words);
  }

  /** With a standard input. */
  public runWith(input: string, ...words: readonly string[]): Run {
    const { status, stdout, stderr } = spawnSync('sh', [PROGRAM, ...words], {
      input,
      encoding: 'utf8',
      env: { ...process.env, ...this.env },
      timeout: 60_000,
    });
    return { status, output: `${stdout}${stderr}` };
  }

  public start(...words: readonly string[]): ChildProcess {
    return spawn('sh', [PROGRAM, ...words], { env: { ...process.env, ...this.env }, stdio: 'ignore' });
  }

  public apply(version: string, ...options: readonly string[]): Run {
    return this.run('apply', this.incoming, version, '--health', '2', ...options);
  }

  /** Applies and confirms. */
  public bring(files: Files): string {
    const version = this.upload(files);
    const applied = this.apply(version);
    const confirmed = this.run('confirm', version);
    if (applied.status !== 0 || confirmed.status !== 0) throw new Error(applied.output + confirmed.output);
    return version;
  }

  /** The processes of a change: the one that watches, and the one that it watches first. */
  public changing(): readonly number[] {
    const session = this.tryRead('run/metal-fabric/session')?.trim();
    if (session === undefined) return [];
    return processes()
      .filter((pid) => sessionOf(pid) === session)
      .sort((a, b) => a - b);
  }

  public killChange(): void {
    for (const pid of this.changing()) kill(pid);
  }

  /** Every process of the device, also one that has not said yet that it is there. */
  public killAll(): void {
    for (const pid of processes()) {
      if (ofProcess(pid, 'environ').split('\0').includes(`METAL_FABRIC_ROOT=${this.root}`)) kill(pid);
    }
  }

  /** What is lost with the power: all processes, and all but files. Then it boots, as Debian does. */
  public powerCycle(): Run {
    this.killAll();
    for (const folder of ['run', 'state']) rmSync(join(this.root, folder), { recursive: true, force: true });
    this.#start();
    const recovered = existsSync(join(this.root, 'etc/metal-fabric/program'))
      ? this.run('recover', '--boot')
      : { status: 0, output: '' };
    for (const tool of ['bin/ifreload', 'usr/lib/frr/frrinit.sh', 'bin/load-at-boot']) {
      spawnSync(join(this.root, tool), ['restart'], { env: { ...process.env, ...this.env } });
    }
    return recovered;
  }

  public get applied(): string | undefined {
    const link = join(this.root, 'etc/metal-fabric/current');
    try {
      return basename(readlinkSync(link));
    } catch {
      return undefined;
    }
  }

  /** What the kernel, FRR and nftables hold; by the file that told them. */
  public running(): Files {
    return Object.fromEntries(
      ['frr.conf', 'interfaces', 'nftables.conf', 'sysctl.conf'].map((name) => [
        name,
        this.tryRead(join('state', name)) ?? '',
      ]),
    );
  }

  /** What a reader finds in the places of the files. */
  public inPlace(): Files {
    return Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [name, this.tryRead(place) ?? '']));
  }

  public journal(): readonly { readonly what: string; readonly outcome: string; readonly why: string }[] {
    const text = this.tryRead('var/log/metal-fabric/journal') ?? '';
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { what: string; outcome: string; why: string });
  }

  /** What an interrupted change could leave behind. */
  public leftovers(): readonly string[] {
    const home = join(this.root, 'etc/metal-fabric');
    if (!existsSync(home)) return [];
    const odd = (name: string): boolean => /new|done|transaction/.test(name);
    const files = [...readdirSync(home), ...readdirSync(join(home, 'versions'))].filter(odd);
    const spares = ['-4', '-6'].filter((family) => this.tryRead(`state/spares${family}`) !== undefined);
    return [...files, ...spares.map((family) => `spare routes ${family}`)];
  }
}

/** As ip prints them when it is asked for those of BGP: an unreachable one, one without a VRF, and two of a VRF. */
const BGP_ROUTES = [
  '10.255.0.5 nhid 20 metric 20 \\\tnexthop via inet6 fe80::1 dev swp1 weight 1 \\\tnexthop via inet6 fe80::2 dev swp2 weight 1 ',
  '10.128.12.2 nhid 81 via 10.255.0.2 dev vlan1004 table 1001 metric 20 linkdown rt_trap onlink ',
  '10.128.12.3 nhid 56 table 1001 metric 20 \\\tnexthop via 10.255.0.5 dev vlan1004 weight 1 onlink \\\tnexthop via 10.255.0.6 dev vlan1004 weight 1 dead linkdown onlink ',
  '7 10.128.13.0/24 nhid 9 table 1001 metric 20 ',
  'fd00:10:128:3::3 nhid 53 table 1001 metric 20 pref medium\\\tnexthop via ::ffff:10.255.0.5 dev vlan1004 weight 1 onlink \\\tnexthop via ::ffff:10.255.0.6 dev vlan1004 weight 1 onlink ',
];

const processes = (): readonly number[] => readdirSync('/proc').map(Number).filter(Boolean);

/** Nothing of one that has ended meanwhile, or is somebody else's. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const sessionOf = (pid: number): string | undefined => ofProcess(pid, 'stat').split(') ').at(-1)?.split(' ')[3];

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const MODULE = 'IFUPDOWN2_CONF_PATH = ""\nclass utils:\n    pass\n';

/** Half of it, and a moment later the whole. */
const SLOWLY = 'slowly() { head -n 1 "$1" >"$STATE/$2"; sleep 0.03; cat "$1" >"$STATE/$2"; }\n';
const REFUSES = 'refuses() { if grep -q "$1" "$2"; then echo "line 1: $1"; exit 1; fi; }\n';

/** FRR, nftables, ifupdown2 and the kernel, as far as the program asks them. */
const STAND_INS: Readonly<Record<string, string>> = {
  'bin/hostname': 'echo box\n',
  'bin/vtysh': `${REFUSES}mute=$(cat "$STATE/mute" 2>/dev/null; sed -n 's/^! mute //p' "$STATE/frr.conf" 2>/dev/null)
case "$*" in *"\${mute:-nothing}") exec sleep 1000 ;; esac
case "$*" in
  '-C -f '*) refuses BAD-SYNTAX "$3" ;;
  *'show version') [ -f "$STATE/bgpd" ] ;;
  *neighbors) echo 'Instance default:'; sed -n 's/^session /BGP neighbor on /p' "$STATE/frr.conf" 2>/dev/null | while read -r line; do
    echo "$line: fe80::1, remote AS 1"; echo "  BGP state = Established, up for 00:00:01"; done ;;
  *running-config) cat "$STATE/frr.conf" ;;
  '-c configure terminal -c no vrf '*) sed -i "/^\${4#no }\$/d" "$STATE/frr.conf" ;;
  *vni) sed -n 's/^vrf /vrf1 10001 vni1 vlan1 /p' "$STATE/frr.conf" ;;
  *self-originate) sed -n 's/^announce / *>  [5]:[0]:[32]:/p' "$STATE/frr.conf" ;;
esac
`,
  'usr/lib/frr/zebra': 'echo "zebra version 10.3"\n',
  'usr/lib/frr/frr-reload.py': `${SLOWLY}${REFUSES}for file; do :; done
case $1 in
  --reload) if grep -q HANGS "$file"; then exec sleep 1000; fi; slowly "$file" frr.conf; sed -n 's/^! keeps //p' "$file" >>"$STATE/frr.conf"; refuses BAD-RELOAD "$file" ;;
  --test) if grep -q SILENT "$file"; then printf 'Lines To Add\\n====\\nrouter bgp 1\\n neighbor SILENT\\nexit\\n'; fi
    if grep -q STAYS "$file"; then printf 'Lines To Delete\\n====\\nip forwarding\\nrouter bgp 1\\n no neighbor STAYS\\nexit\\n'; fi ;;
esac
`,
  'usr/lib/frr/frrinit.sh': `rm -f "$STATE/bgpd"
if grep -q bgpd=yes "$METAL_FABRIC_ROOT/etc/frr/daemons"; then cat "$METAL_FABRIC_ROOT/etc/frr/frr.conf" >"$STATE/frr.conf"; : >"$STATE/bgpd"; fi
echo "$1" >>"$STATE/restarts"
`,
  'bin/ifreload': `${SLOWLY}${REFUSES}file=$METAL_FABRIC_ROOT/etc/network/interfaces.d/metal-fabric
[ -f "$file" ] || exit 0
sed -n 's/^ *vlan-id //p' "$file" | while read -r vlan; do grep -qx "$vlan" "$STATE/vlans" || echo "$vlan" >>"$STATE/vlans"; done
sed -n 's/^auto //p' "$file" | while read -r name; do grep -qx "$name" "$STATE/links" || echo "$name" >>"$STATE/links"; done
slowly "$file" interfaces; refuses BAD-KERNEL "$file"
`,
  'bin/nft': `${REFUSES}case "$*" in
  --version) echo 'nftables v1.0.9 (Old Doc Yak #3)' ;;
  '-c -f '*) refuses BAD-SYNTAX "$3" ;;
  '-f -') grep -q '^delete table' && rm -f "$STATE/nftables.conf" ;;
  '-f '*) cp "$2" "$STATE/.nft" && mv "$STATE/.nft" "$STATE/nftables.conf" ;;
  '-s list ruleset') printf 'table inet fabric {\\n\\tchain c {\\n'; sed 's/^/\\t\\t/' "$STATE/nftables.conf"; printf '\\t}\\n}\\n' ;;
esac
`,
  'bin/ip': `case "$*" in
  '-j -d link')
    mtu=$(cat "$STATE/interfaces" 2>/dev/null | cksum | cut -d ' ' -f 1)
    sed "s/.*/{\\"ifname\\":\\"&\\",\\"flags\\":[\\"UP\\"],\\"mtu\\":$mtu}/" "$STATE/links" | paste -s -d , - | sed 's/.*/[&]/' ;;
  '-o link show') awk '{ print NR ": " $1 ": <UP> mtu 1500" }' "$STATE/links" ;;
  'link del '*) sed -i "/^$3\$/d" "$STATE/links" ;;
  '-o -d link show type vrf') sed -n 's/^vrf\\([0-9]*\\)$/7: &: <UP> mtu 65575 vrf table \\1 addrgenmode eui64/p' "$STATE/links" ;;
  '-o -N -4 route show table all proto 186') grep -v '^[0-9a-f]*:' "$STATE/bgp-routes" ;;
  '-o -N -6 route show table all proto 186') grep '^[0-9a-f]*:' "$STATE/bgp-routes" ;;
  '-force -4 -batch -' | '-force -6 -batch -') cat >"$STATE/spares$2" ;;
  '-4 route flush table all proto 194' | '-6 route flush table all proto 194') rm -f "$STATE/spares$1" ;;
  '-N -4 route show table all') cat "$STATE/routes" 2>/dev/null ;;
  '-N -6 route show table all') ;;
  '-4 route del unreachable '*) sed -i "/table $9 .*metric $7\\b/d" "$STATE/routes" ;;
  '-N -4 rule show') cat "$STATE/rules" ;;
  '-N -6 rule show') ;;
  '-4 rule del '*) shift 5; grep -v "	$*\$" "$STATE/rules" >"$STATE/.rules"; mv "$STATE/.rules" "$STATE/rules" ;;
  '-4 rule add '*) number=$5; shift 5; printf '%s:\t%s\n' "$number" "$*" >>"$STATE/rules" ;;
  '-o address show master vrf1') echo '7: vlan1    inet 10.0.0.1/32 scope global vlan1' ;;
  *) echo '[]' ;;
esac
`,
  'bin/bridge': `case "$*" in
  '-j vlan show') sed 's/.*/{"ifname":"bridge","vlans":[{"vlan":&}]}/' "$STATE/vlans" | paste -s -d , - | sed 's/.*/[&]/' ;;
  'vlan del dev bridge vid '*) sed -i "/^$6\$/d" "$STATE/vlans" ;;
esac
`,
  'bin/sysctl': `case "$*" in
  '-n '*) sed -n "s/^$2 = //p" "$STATE/sysctl.conf" 2>/dev/null ;;
  *'-p '*) for file; do :; done; cat "$file" >"$STATE/.sysctl" && mv "$STATE/.sysctl" "$STATE/sysctl.conf" ;;
esac
`,
  'bin/load-at-boot': `sysctl=$METAL_FABRIC_ROOT/etc/sysctl.d/90-metal-fabric.conf
[ ! -f "$sysctl" ] || cp "$sysctl" "$STATE/sysctl.conf"
[ ! -f "$METAL_FABRIC_ROOT/etc/nftables.conf" ] || cp "$METAL_FABRIC_ROOT/etc/nftables.conf" "$STATE/nftables.conf"
`,
  'usr/sbin/ifup': `#!/usr/bin/env python3
import sys
with open(sys.argv[-1]) as file:
    if 'BAD-SYNTAX' in file.read():
        print('error: BAD-SYNTAX')
        sys.exit(1)
`,
};
