import type { Fabric, Flow, Lookup } from '../model';
import { type Link, allLinks } from './walk';

/** Every flow that narrows what a firewall lets through. */
export function* allFlows(fabric: Fabric, lookup: Lookup): Iterable<{ readonly link: Link; readonly flow: Flow }> {
  for (const link of allLinks(fabric, lookup)) {
    for (const flow of link.connection.allow ?? []) yield { link, flow };
  }
}

/** A flow in a sentence, as it is written. */
export function said({ direction, prefix, protocol }: Flow, network: string): string {
  return `${protocol ?? 'any protocol'} ${direction} ${prefix?.toString() ?? network}`;
}
