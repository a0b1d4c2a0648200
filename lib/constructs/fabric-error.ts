import { printFindings } from '../diagnostics';
import type { Finding } from '../rules';

/** Thrown instead of writing anything, with every broken rule of every partition of the app in its message. */
export class FabricError extends Error {
  /**
   * @param above the function of ours that the user called: frames inside the library help nobody
   * @internal
   */
  public constructor(findings: readonly Finding[], above?: () => void) {
    super(printFindings(findings));
    this.name = 'FabricError';
    Error.captureStackTrace(this, above);
  }
}
