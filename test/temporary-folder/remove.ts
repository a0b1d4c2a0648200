import { rmSync } from 'node:fs';
import './make';

/** After the last test. */
export default (): void => {
  const { folderOfTests } = globalThis;
  if (folderOfTests === undefined) return;
  process.env['TMPDIR'] = folderOfTests.before;
  rmSync(folderOfTests.path, { recursive: true, force: true, maxRetries: 3 });
};
