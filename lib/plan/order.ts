/** By code unit: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * An order of ports: runs of digits by their number, so that swp2 comes before swp10; all else by code unit. To be made for each
 * sort: it remembers what it took apart.
 */
export function portOrder(): (a: string, b: string) => number {
  const known = new Map<string, readonly string[]>();
  const takeApart = (name: string): readonly string[] => {
    const parts = known.get(name) ?? partsOf(name);
    known.set(name, parts);
    return parts;
  };
  return (a, b) => (a === b ? 0 : compareParts(takeApart(a), takeApart(b)) || compareText(a, b));
}

function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = isNumeric(part) && isNumeric(other) ? Number(part) - Number(other) : 0;
    if (order !== 0) return order;
    if (!isNumeric(part) || !isNumeric(other)) {
      const textOrder = compareText(part, other);
      if (textOrder !== 0) return textOrder;
    }
  }
  return left.length - right.length;
}

const partsOf = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? [];
const isNumeric = (part: string): boolean => /^\d/.test(part);

/** A copy in order of name; things of one name keep the order of their paths, so that it is always the same one. */
export function byName<T extends { readonly name: string; readonly path: string }>(things: readonly T[]): readonly T[] {
  return [...things].sort((a, b) => compareText(a.name, b.name) || compareText(a.path, b.path));
}
