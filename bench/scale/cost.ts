import { subscribe } from 'node:diagnostics_channel';
import { PHASES } from '../../lib/phase';

/** What a phase, or a process, took. */
export interface Cost {
  /** Of this process, in seconds: user and system, all threads. */
  readonly cpu: number;
  /** In seconds. */
  readonly wall: number;
}

interface Frame {
  readonly start: Cost;
  /** What began and ended within it. */
  within: Cost;
}

/**
 * What each phase costs by itself, without the phases within it. It listens to the phases that a synthesis tells of; so a phase
 * that is new is measured as soon as there is one.
 */
export class Stopwatch {
  readonly #costs = new Map<string, Cost>();
  readonly #open: Frame[] = [];

  public constructor() {
    subscribe(`tracing:${PHASES}:start`, () => this.#begin());
    subscribe(`tracing:${PHASES}:end`, (told) => this.#end((told as { readonly phase: string }).phase));
  }

  /** Measures what the library does not tell of. */
  public measure<T>(phase: string, work: () => T): T {
    this.#begin();
    try {
      return work();
    } finally {
      this.#end(phase);
    }
  }

  /** By phase, in order of their first end. */
  public get costs(): ReadonlyMap<string, Cost> {
    return this.#costs;
  }

  #begin(): void {
    this.#open.push({ start: now(), within: NOTHING });
  }

  #end(phase: string): void {
    const frame = this.#open.pop();
    if (frame === undefined) throw new Error(`invariant: phase ${phase} ends and never began`);
    const whole = minus(now(), frame.start);
    this.#costs.set(phase, plus(this.#costs.get(phase) ?? NOTHING, minus(whole, frame.within)));
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.within = plus(outer.within, whole);
  }
}

export const NOTHING: Cost = { cpu: 0, wall: 0 };

/** What this process took so far, since it was started. */
export function now(): Cost {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, wall: performance.now() / 1000 };
}

export const plus = (a: Cost, b: Cost): Cost => ({ cpu: a.cpu + b.cpu, wall: a.wall + b.wall });
const minus = (a: Cost, b: Cost): Cost => ({ cpu: a.cpu - b.cpu, wall: a.wall - b.wall });
