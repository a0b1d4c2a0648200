import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { Machine, Port, PrivateNetwork } from 'cdktf-metal-fabric';
import 'cdktf-metal-fabric/jest';
import { declareFabric } from './stack';

// Nothing is booted, and nothing is written: the devices' configurations are derived, and packets are followed through them.

const folder = mkdtempSync(join(tmpdir(), 'tested-stack-'));
const app = new App({ outdir: join(folder, 'out') });
const { internet, storage, nvme, blue, blue1, green, green1 } = declareFabric(app, join(folder, 'lock'));

afterAll(() => rmSync(folder, { recursive: true }));

test('tenants use the storage, which sees who they are', () => {
  expect(blue1).toReach(nvme, Port.tcp(4420), { via: 'blue-fw' });
  expect(nvme).toReach(green1, Port.tcp(22));
});

test('blue gets to the web through its firewall, and no further', () => {
  expect(blue1).toReach(internet, Port.tcp(443), { as: '185.1.2.10', via: 'blue-fw' });
  expect(blue1).not.toReach(internet, Port.tcp(25));
  expect(green).not.toReach(internet, Port.tcp(443));
});

test('tenants do not reach each other, and nobody calls in from the internet', () => {
  expect(blue).toBeIsolatedFrom(green);
  expect(internet).not.toReach(blue1, Port.tcp(22));
  expect(storage).not.toReach(internet, Port.tcp(443));
});

test('a machine without a network is refused', () => {
  const other = new App({ outdir: join(folder, 'other') });
  const { fra } = declareFabric(other, join(folder, 'lock'));
  new PrivateNetwork(fra, 'red', { project: 'red' });
  new Machine(fra, 'red-1', {} as never);
  expect(other).toBreakRule('machine/has-one-primary-network');
  expect(app).not.toBreakRule('machine/has-one-primary-network');
});
