import { printEnvironment } from '../language/environment';
import { printDaemons, printFrr } from '../language/frr';
import { printInterfaces } from '../language/interfaces';
import { printNftables } from '../language/nftables';
import { printSysctl } from '../language/sysctl';
import type { DeviceConfig } from './device-config';

/** A file of a device. */
export interface DeviceFile {
  readonly name: string;
  /** Where it belongs on the device. */
  readonly path: string;
  readonly content: string;
}

/** Prints a device's configuration; ordered by name. */
export function printDevice(config: DeviceConfig): readonly DeviceFile[] {
  const { remarks, frr, interfaces, sysctl, nftables, environment } = config;
  return [
    { name: 'daemons', path: '/etc/frr/daemons', content: printDaemons(remarks) },
    ...(environment === undefined
      ? []
      : [{ name: 'environment', path: '/etc/profile.d/90-metal-fabric.sh', content: printEnvironment(environment) }]),
    { name: 'frr.conf', path: '/etc/frr/frr.conf', content: printFrr(frr) },
    { name: 'interfaces', path: '/etc/network/interfaces.d/metal-fabric', content: printInterfaces(interfaces) },
    ...(nftables === undefined
      ? []
      : [{ name: 'nftables.conf', path: '/etc/nftables.conf', content: printNftables(nftables) }]),
    { name: 'sysctl.conf', path: '/etc/sysctl.d/90-metal-fabric.conf', content: printSysctl(sysctl) },
  ];
}
