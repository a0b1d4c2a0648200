import { FAMILIES } from '../net';
import {
  type Fabric,
  type Joint,
  type Lookup,
  type Network,
  type PrivateNetwork,
  familiesOf,
  reachOf,
  territoryOf,
} from '../model';
import { type Link, allLinks, allNetworks, linksOf, tryFindPrimary } from './walk';

/** A firewall's connection with the private network in front of which it stands. */
export interface PrivateJoint extends Link, Joint {
  readonly primary: PrivateNetwork;
  readonly network: Network;
}

export function allJoints(fabric: Fabric, lookup: Lookup): readonly PrivateJoint[] {
  return joined(allLinks(fabric, lookup), lookup);
}

export function jointsOf(firewall: Link['firewall'], lookup: Lookup): readonly PrivateJoint[] {
  return joined(linksOf(firewall, lookup), lookup);
}

function joined(links: readonly Link[], lookup: Lookup): readonly PrivateJoint[] {
  return links.flatMap((link) => {
    const primary = tryFindPrimary(link.firewall, lookup);
    return primary?.kind === 'private' ? [{ ...link, primary }] : [];
  });
}

/** Networks that lack what others would have in common with them. Rules of their own report that; the rest is follow-up. */
export function incompleteNetworks(fabric: Fabric, lookup: Lookup): ReadonlySet<Network> {
  const refused = new Set(fabric.misfits.map(({ path }) => path));
  const isIncomplete = (network: Network): boolean => {
    const families = familiesOf(network);
    return (
      refused.has(network.path) ||
      families.length === 0 ||
      families.some((family) => territoryOf(network, family, lookup).length === 0) ||
      FAMILIES.every((family) => reachOf(network, family, lookup).length === 0)
    );
  };
  return new Set(allNetworks(fabric).filter(isIncomplete));
}
