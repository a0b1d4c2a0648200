import { setFlagsFromString } from 'node:v8';

/**
 * For apps that declare large fabrics: `import 'cdktf-metal-fabric/batch'` as their first line. V8 rewrites a function in fast
 * machine code once it has run for a while, which pays off in a server. An app that is synthesized once in some seconds runs hundreds
 * of functions that long and then hardly again; so up to a third of its CPU time goes into code that is not worth it. From here on V8
 * waits fifteen times as long. All of the process profits, cdktf too: docs/performance.md has the figures.
 *
 * It is a setting of the whole process, which is why nothing else here imports it.
 */
const INTERRUPT_BUDGET = 1_000_000;

setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
