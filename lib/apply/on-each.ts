/** How far it is: names of those being worked on, and how many are done. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly running: readonly string[];
}

/**
 * Works on each item, `parallel` of them at a time.
 * @returns the results in the order of the items
 * @throws what the first work to fail threw, once all that was begun has ended; no other is begun.
 */
export async function onEach<Item extends { readonly name: string }, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<Result>,
  watch: (progress: Progress) => void = () => undefined,
): Promise<readonly Result[]> {
  const results = new Map<Item, Result>();
  const running = new Set<string>();
  const queue = [...items];
  const tell = (): void => watch({ done: results.size, total: items.length, running: [...running] });
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      running.add(item.name);
      tell();
      try {
        results.set(item, await work(item));
      } catch (error) {
        queue.length = 0;
        throw error;
      } finally {
        running.delete(item.name);
      }
      tell();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(parallel, items.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return items.map((item) => results.get(item) as Result);
}
