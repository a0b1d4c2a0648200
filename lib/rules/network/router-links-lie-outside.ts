import { type Prefix, quote } from '../../net';
import type { Declared, Partition } from '../../model';
import { type Claim, overlapsOf } from '../overlaps';
import { routerLinks } from '../router-links';
import { type Violation, defineRule } from '../rule';
import { named } from '../words';

export const routerLinksLieOutside = defineRule({
  id: 'network/router-links-lie-outside',
  statement: 'The link to a router shares no address with a network, super network or the underlay of the partition.',
  source:
    'decision: a border leaf takes all of a link for its neighbours, and would send nothing for those addresses to a firewall. docs/decisions/0005.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const links = linksOf(partition);
      const inside = links.map((link) => ({ link, found: overlapsOfPartition(link, partition) }));
      yield* inside.flatMap(({ found }) => found);
      // What was carved out of a super network is not reported again.
      yield* overlapsOfNetworks(
        inside.filter(({ found }) => found.length === 0).map(({ link }) => link),
        partition,
      );
    }
  },
});

interface Link {
  readonly subject: Declared;
  readonly router: string;
  readonly prefix: Prefix;
}

function linksOf({ networks }: Partition): readonly Link[] {
  return networks.flatMap((subject) =>
    subject.kind === 'external'
      ? subject.routers.flatMap((router) =>
          routerLinks(router).map((prefix) => ({ subject, router: router.name, prefix })),
        )
      : [],
  );
}

function overlapsOfPartition(link: Link, { superNetworks, underlay }: Partition): readonly Violation[] {
  const supers = superNetworks
    .filter((prefix) => prefix.overlaps(link.prefix))
    .map((prefix) => violationOf(link, prefix, `super network ${prefix.toString()}`));
  return underlay?.overlaps(link.prefix) === true
    ? [...supers, violationOf(link, underlay, `the underlay ${underlay.toString()}`)]
    : supers;
}

/** Either a link or a network, under a path to sort by. */
type Holder = { readonly path: string } & ({ readonly link: Link } | { readonly network: Declared });

function* overlapsOfNetworks(links: readonly Link[], { networks }: Partition): Iterable<Violation> {
  const claims: readonly Claim<Holder>[] = [
    ...links.map((link) => ({
      prefix: link.prefix,
      holder: { path: `${link.subject.path} ${link.router}`, link },
    })),
    ...networks
      .filter(({ kind }) => kind !== 'underlay')
      .flatMap((network) => network.prefixes.map((prefix) => ({ prefix, holder: { path: network.path, network } }))),
  ];
  for (const { wide, inside } of overlapsOf(claims)) {
    if ('link' in wide.holder && 'network' in inside.holder) {
      yield violationBetween(wide.holder.link, inside.prefix, inside.holder.network);
    } else if ('network' in wide.holder && 'link' in inside.holder) {
      yield violationBetween(inside.holder.link, wide.prefix, wide.holder.network);
    }
  }
}

function violationBetween(link: Link, prefix: Prefix, network: Declared): Violation {
  const whose = network === link.subject ? 'the network itself' : `network ${named(network)}`;
  return violationOf(link, prefix, `${prefix.toString()} of ${whose}`);
}

function violationOf({ subject, router, prefix }: Link, other: Prefix, what: string): Violation {
  return {
    subject,
    problem: `link ${prefix.toString()} of router ${quote(router)} overlaps ${what}`,
    fix: `give the link a prefix outside ${other.toString()}`,
  };
}
