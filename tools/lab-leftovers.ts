import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { leftovers } from './leftovers';

/**
 * Usage: lab-leftovers.ts before|after FILE. Fails, with their names, where labs have left something behind that was not
 * there before.
 */
const [when, file = ''] = process.argv.slice(2);
if (when === 'before') writeFileSync(file, JSON.stringify(leftovers()));
else {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly string[]) : [];
  const left = leftovers().filter((one) => !before.includes(one));
  if (left.length > 0) console.error(`left behind by labs:\n${left.map((one) => `  ${one}\n`).join('')}`);
  process.exitCode = left.length === 0 ? 0 : 1;
}
