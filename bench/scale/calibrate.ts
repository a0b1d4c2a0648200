import { createHash } from 'node:crypto';

/**
 * Work that is always the same and needs nothing but this machine and Node.js: texts, maps, sorting, JSON and hashes, as a
 * synthesis does. What it takes is the unit that figures of different machines and days are compared in.
 */
export function calibrate(): void {
  let digest = '';
  for (let round = 0; round < 60; round += 1) {
    const entries = Array.from({ length: 4000 }, (_, index) => {
      const key = `${(index * 7919) % 4000}-${digest.slice(0, 8)}`;
      return [key, { key, index, text: `line ${index} of ${round}\n`.repeat(3) }] as const;
    });
    const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
    digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  }
  if (digest.length !== 64) throw new Error('invariant: a sha256 has 64 digits');
}
