import { writeSync } from 'node:fs';
import { declareTwoStacks, type Size } from './two-stacks';

// Run by a test in a process of its own: synthesizes the new one of two versions, and says when it begins and ends.
const [, , folder = '', size = ''] = process.argv;
const app = declareTwoStacks(folder, 'new', JSON.parse(size) as Size);
writeSync(1, 'begins\n');
app.synth();
writeSync(1, 'done\n');
