import { directRuntime, refusalOfDirect } from './direct-runtime';
import type { Image } from './image';
import { LabError } from './lab-error';
import { qemuRuntime } from './qemu-runtime';
import type { Runtime, RuntimeKind } from './runtime';

export interface Choice {
  readonly runtime: Runtime;
  /** Why this one, for who watches. */
  readonly because: string;
}

/** The machine's own kernel where it can hold a fabric, else a guest; or the one that is asked for. */
export function chooseRuntime(image: Image, asked: RuntimeKind | undefined, withManagement: boolean): Choice {
  if (asked === 'qemu') return { runtime: qemuRuntime(image), because: 'as asked for' };
  // Whoever comes in from this machine would need an interface in it.
  if (withManagement) {
    if (asked === undefined) return { runtime: qemuRuntime(image), because: 'with a management network' };
    throw new LabError('nodes of this machine’s own kernel have no management network', 'use --runtime qemu');
  }
  const refusal = refusalOfDirect(image);
  if (refusal === undefined)
    return { runtime: directRuntime(image), because: 'this kernel has all that a fabric needs' };
  if (asked === 'direct')
    throw new LabError(`the fabric cannot run on this machine itself: ${refusal}`, 'use --runtime qemu');
  return { runtime: qemuRuntime(image), because: `not on this machine itself: ${refusal}` };
}
