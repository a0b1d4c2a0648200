import { FAMILIES, type Prefix } from '../net';
import { ofFamily } from '../model';
import type { PrefixList, RouteMap } from '../language/frr';
import { prefixListEntries } from './sequence';

/** A route map that lets through the prefixes and nothing else, with its lists; all of one name. */
export interface PrefixFilter {
  readonly prefixLists: readonly PrefixList[];
  readonly routeMap: RouteMap;
}

/** @param inside whether a prefix stands for every route inside it too */
export function prefixFilter(name: string, prefixes: readonly Prefix[], inside: boolean): PrefixFilter {
  const families = FAMILIES.filter((family) => ofFamily(prefixes, family).length > 0);
  return {
    prefixLists: families.map((family) => ({
      name,
      family,
      entries: prefixListEntries(ofFamily(prefixes, family).map((prefix) => ({ action: 'permit', prefix, inside }))),
    })),
    routeMap: {
      name,
      entries: families.map((family) => ({
        sequence: family === 'ipv4' ? 10 : 20,
        action: 'permit',
        matches: [{ kind: 'prefix-list', family, list: name }],
        actions: [],
      })),
    },
  };
}
