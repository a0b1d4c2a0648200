import { quote } from '../../net';
import { defineRule } from '../rule';

export const managementInterfaceIsNoPort = defineRule({
  id: 'partition/management-interface-is-no-port',
  statement: 'Devices are managed through an interface of their own, not through a port of the front panel.',
  source:
    'decision: SSH is let in through the management interface, and the ports swp1 and on lead to spines, hosts and routers of others.',
  *check({ partitions }) {
    for (const partition of partitions) {
      if (!/^swp\d/.test(partition.managementInterface)) continue;
      yield {
        subject: partition,
        problem: `the management interface ${quote(partition.managementInterface)} is a port of the front panel`,
        fix: 'name the interface that is for management only, like eth0',
      };
    }
  },
});
