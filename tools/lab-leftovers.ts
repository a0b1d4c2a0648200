import { leftovers } from './leftovers';

/** Fails, with their names, where labs have left something behind. */
const left = leftovers();
if (left.length > 0) {
  console.error(`left behind by labs:\n${left.map((one) => `  ${one}\n`).join('')}`);
  process.exitCode = 1;
}
