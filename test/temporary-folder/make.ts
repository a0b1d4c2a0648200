import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

declare global {
  // What jest hands from before the first test to after the last one.
  var folderOfTests: string | undefined;
}

/** Before the first test: what tests, cdktf and the programs they start put into the temporary folder goes into one of their own. */
export default (): void => {
  globalThis.folderOfTests = process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'tests-'));
};
