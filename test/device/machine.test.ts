import { Address } from '../../lib/net';
import {
  attachment,
  connection,
  type FabricCase,
  firewall,
  machine,
  privateNetwork,
  sharedNetwork,
} from '../rules/model';
import { compiled, linesOf, textOf } from './derived';

const viaProxy = (address: string): FabricCase => ({
  networks: [
    privateNetwork('blue', { prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] }),
    sharedNetwork('backup', {
      prefixes: ['10.129.0.0/22', 'fd00:10:128:1::/64'],
      internetAccess: { kind: 'via-proxy', address: Address.parse(address), port: 31_280 },
    }),
  ],
  machines: [machine('blue-1', attachment('blue', ['10.128.0.5', 'fd00:10:128::5'])), machine('tape-1', 'backup')],
  firewalls: [firewall('blue-fw', 'blue', { connections: [connection('backup')] })],
});

describe('the HTTP proxy of a network', () => {
  test.each([
    ['10.128.0.5', 'http://10.128.0.5:31280'],
    ['fd00:10:128::5', 'http://[fd00:10:128::5]:31280'],
  ])('at %s is in the environment of its machines', (address, url) => {
    expect(textOf(compiled(viaProxy(address)), 'tape-1', 'environment').split('\n')).toEqual([
      '# tape-1, machine of partition par1. Written by cdktf-metal-fabric; changes made here are lost.',
      ...['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => `export ${name}=${url}`),
      ...['no_proxy', 'NO_PROXY'].map(
        (name) => `export ${name}=localhost,127.0.0.1,::1,10.129.0.0/22,fd00:10:128:1::/64`,
      ),
      '',
    ]);
  });

  test('is in no other', () => {
    const { devices } = compiled(viaProxy('10.128.0.5'));
    expect(
      devices.filter(({ files }) => files.some(({ name }) => name === 'environment')).map(({ device }) => device.name),
    ).toEqual(['tape-1']);
  });
});

describe('a machine', () => {
  const frr = textOf(compiled(viaProxy('10.128.0.5')), 'blue-1', 'frr.conf');

  test('tells both leaves its loopback, and nothing that it heard', () => {
    expect(linesOf(frr, /^neighbor/)).toEqual([
      'neighbor leaf peer-group',
      'neighbor leaf remote-as external',
      'neighbor leaf timers 2 8',
      'neighbor lan0 interface peer-group leaf',
      'neighbor lan1 interface peer-group leaf',
      ...['ipv4', 'ipv6'].flatMap(() => ['neighbor leaf activate', 'neighbor leaf route-map only-self out']),
    ]);
    expect(linesOf(frr, /as-path/)).toEqual([
      'bgp as-path access-list self seq 5 permit ^$',
      'match as-path self',
      'bgp bestpath as-path multipath-relax',
    ]);
  });

  test('has no packet filter of ours', () => {
    expect(() => textOf(compiled(viaProxy('10.128.0.5')), 'blue-1', 'nftables.conf')).toThrow();
  });
});
