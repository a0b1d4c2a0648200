import { App, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  InternetAccess,
  Machine,
  NatPolicy,
  Partition,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';

// A program with a dozen mistakes. All of them are reported at once, those of both partitions, and nothing is written.
const app = new App({ skipValidation: process.env.SKIP_VALIDATION === '1' });

const fra = new Partition(new TerraformStack(app, 'fra-equ01'), 'fra-equ01', {
  superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
  overlayMtu: 9200, // leaves no room for VXLAN
});
const rack1 = new Rack(fra, 'rack1');
const rack2 = new Rack(fra, 'rack2');

const internet = new ExternalNetwork(fra, 'internet', {
  prefixes: ['185.1.2.0/24'],
  destinationPrefixes: ['0.0.0.0/0', '::/0'], // no IPv6 anywhere else in the network
  nat: true,
  routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
});
const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: true });
const blue = new PrivateNetwork(fra, 'blue', { project: 'blue', prefixes: ['10.128.16.1/22'] }); // host bits
const green = new PrivateNetwork(fra, 'green', { project: 'green', vni: 16777216 }); // more than 24 bits
const Red = new PrivateNetwork(fra, 'Red\nshutdown', { project: 'red' }); // no name
internet.share({ nat: false }); // not private

new Machine(fra, 'nvme-1', { rack: rack1, primaryNetwork: storage, autoIp: false }); // noauto, and no address
new Machine(fra, 'blue-1', { rack: rack1, primaryNetwork: blue, project: 'green' }); // somebody else's network
new Machine(fra, 'green-1', { rack: rack1, primaryNetwork: green }).attach(Red); // two private networks
new Machine(fra, 'green-2', { rack: rack1, primaryNetwork: internet }); // no private network
new Machine(fra, 'green-3', {
  rack: rack1,
  primaryNetwork: green,
  leaves: [...rack1.leaves.slice(0, 1), ...rack2.leaves.slice(0, 1)], // leaves of two racks
});

new Firewall(fra, 'blue-fw', { rack: rack2, primaryNetwork: blue })
  .connect(green) // two private networks
  .connect(storage, { nat: NatPolicy.none() }) // it asks to hide blue
  .connect(internet, { allow: [Flow.from('0.0.0.0/0').tcp(22)] }); // widens
new Firewall(fra, 'blue-fw-2', { rack: rack2, primaryNetwork: blue }); // a second firewall
storage.internetAccess(InternetAccess.viaFirewall()); // it has none

const muc = new Partition(new TerraformStack(app, 'muc-equ01'), 'muc-equ01', { superNetworks: ['10.132.0.0/14'] });
const yellow = new PrivateNetwork(muc, 'yellow', { project: 'yellow' });
new Firewall(muc, 'yellow-fw', { rack: new Rack(muc, 'rack1'), primaryNetwork: yellow }).connect(storage); // other partition

app.synth();
