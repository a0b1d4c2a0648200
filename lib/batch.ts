import { setFlagsFromString } from 'node:v8';

/**
 * For apps that declare large fabrics: `import 'cdktf-metal-fabric/batch'` as their first line. It tells V8 what it does not know by
 * itself, that this is no server, but a process that does one thing and ends. All of the process profits, cdktf too:
 * docs/performance.md has the figures. As it is a setting of the whole process, nothing else here imports it.
 */

/**
 * V8 rewrites a function in fast machine code once it has run for a while. An app that is synthesized once in some seconds runs hundreds
 * of functions that long and then hardly again; so up to a third of its CPU time goes into code that is not worth it. From here on V8
 * waits fifteen times as long.
 */
const INTERRUPT_BUDGET = 1_000_000;

/**
 * How much the heap may grow, in percent of what was in use, before V8 looks for what is not in use any more. Left to itself it
 * waits until there is up to four times as much, and a synthesis makes little that it needs for long.
 */
const HEAP_GROWING_PERCENT = 80;

setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
