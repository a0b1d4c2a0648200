const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lets work end what it started when the user, or the machine, asks the process to end. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const control = new AbortController();
  const abort = (): void => control.abort();
  for (const signal of SIGNALS) process.on(signal, abort);
  try {
    return await work(control.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort);
  }
}
