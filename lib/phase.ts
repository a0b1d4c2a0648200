import { tracingChannel } from 'node:diagnostics_channel';

/** What a synthesis does one after another, or one within another. */
export type Phase =
  'model' | 'ledger' | 'plan' | 'rules' | 'derive' | 'print' | 'promise' | 'reachability' | 'synth' | 'write';

/** Whoever wants to know what the phases cost subscribes to this tracing channel of Node.js: bench/ does. */
export const PHASES = 'cdktf-metal-fabric.phase';

const channel = tracingChannel<unknown, { readonly phase: Phase }>(PHASES);

/** Does the work, and tells whoever listens when it begins and ends. */
export function during<T>(phase: Phase, work: () => T): T {
  return channel.traceSync<undefined, [], T>(work, { phase });
}
