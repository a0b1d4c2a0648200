import { rmSync } from 'node:fs';
import './make';

/** After the last test. */
export default (): void => {
  if (globalThis.folderOfTests !== undefined) rmSync(globalThis.folderOfTests, { recursive: true, force: true });
};
