import { describeFabric, sizeOf } from '../../bench/scale/described';
import { AS_DESCRIBED, BACKWARDS, declareFabric } from '../../bench/scale/fabric';

// Run by a test in a process of its own: synthesizes a generated fabric into the folder that it is run in.
const order = process.argv[2] === 'backwards' ? BACKWARDS : AS_DESCRIBED;
const partitions = describeFabric({ ...sizeOf(20, 'many'), machines: 200 }, Number(process.argv[3] ?? 1));
declareFabric(partitions, { outdir: 'cdktf.out', ledgerDirectory: 'fabric.lock' }, order).synth();
