/** What appears and vanishes with a change of `interfaces`. */
export interface InterfaceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly addressesAdded: readonly InterfaceAddress[];
  readonly addressesRemoved: readonly InterfaceAddress[];
}

export interface InterfaceAddress {
  readonly interface: string;
  readonly address: string;
}

/** Compares two texts of ifupdown2. */
export function interfaceChanges(before: string, after: string): InterfaceChanges {
  const [old, fresh] = [addressesByInterface(before), addressesByInterface(after)];
  return {
    added: missingIn(old, fresh),
    removed: missingIn(fresh, old),
    addressesAdded: addressesMissingIn(old, fresh),
    addressesRemoved: addressesMissingIn(fresh, old),
  };
}

type Addresses = ReadonlyMap<string, ReadonlySet<string>>;

function addressesByInterface(text: string): Addresses {
  const found = new Map<string, Set<string>>();
  let addresses = new Set<string>();
  for (const line of text.split('\n')) {
    const [word, name] = line.trim().split(/\s+/);
    if (word === 'iface' && name !== undefined) {
      addresses = found.get(name) ?? new Set();
      found.set(name, addresses);
    }
    if (word === 'address' && name !== undefined) addresses.add(name);
  }
  return found;
}

const missingIn = (one: Addresses, other: Addresses): readonly string[] =>
  [...other.keys()].filter((name) => !one.has(name));

const addressesMissingIn = (one: Addresses, other: Addresses): readonly InterfaceAddress[] =>
  [...other].flatMap(([name, addresses]) =>
    [...addresses]
      .filter((address) => one.get(name)?.has(address) !== true)
      .map((address) => ({ interface: name, address })),
  );
