import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

declare global {
  // What jest hands from before the first test to after the last one.
  var folderOfTests: { readonly path: string; readonly before: string } | undefined;
}

/** Before the first test: what tests, cdktf and the programs they start put into the temporary folder goes into one of their own. */
export default (): void => {
  const before = tmpdir();
  const path = mkdtempSync(join(before, 'tests-'));
  // As the one it stands for: some tests run as another user.
  chmodSync(path, 0o1777);
  globalThis.folderOfTests = { path, before };
  process.env['TMPDIR'] = path;
};
