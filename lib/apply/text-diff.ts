import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

/** Milliseconds after which two texts count as altogether different. */
const LONGEST = 5000;

/**
 * What has to be changed in a text to make it another, as a unified diff with three lines around each change; empty if
 * they are the same. Undefined is a file that is not there.
 */
export function printDiff(name: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const [old, fresh] = [before, after].map((text) => (text === undefined ? '/dev/null' : name)) as [string, string];
  const patch = structuredPatch(old, fresh, before ?? '', after ?? '', 'applied', 'new', {
    context: 3,
    timeout: LONGEST,
  });
  return patch === undefined
    ? `--- ${old}\tapplied\n+++ ${fresh}\tnew\naltogether different\n`
    : formatPatch(patch, FILE_HEADERS_ONLY);
}
