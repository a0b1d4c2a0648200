import { groupBy } from '../model';
import { FAMILIES } from '../net';
import type { Endpoint } from './endpoints';
import { agrees, type Seen } from './probing';

/** All flows from one group of hosts to another, promised and seen. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  /** What is promised, such as `all`, `tcp/80,443 translated`, `–`; by family where they differ. */
  readonly promised: string;
  readonly tried: number;
  readonly asPromised: number;
}

/** The cells of a verification, in the order in which the groups come in `fabric.json`. */
export function matrixOf(flows: readonly Seen[]): readonly Cell[] {
  const byFrom = groupBy(flows, ({ expectation }) => groupOf(expectation.from));
  return [...byFrom].flatMap(([from, own]) =>
    [...groupBy(own, ({ expectation }) => groupOf(expectation.to))].map(([to, group]) => {
      const asPromised = group.filter(agrees).length;
      return { from, to, promised: promisedOf(group), tried: group.length, asPromised };
    }),
  );
}

function groupOf({ kind, network }: Endpoint): string {
  switch (kind) {
    case 'machine':
      return network;
    case 'firewall':
      return 'firewalls';
    case 'beyond':
      return `beyond ${network}`;
  }
}

function promisedOf(group: readonly Seen[]): string {
  const texts = FAMILIES.map((family) => ({
    family,
    own: group.filter(({ expectation }) => expectation.from.family === family),
  }))
    .filter(({ own }) => own.length > 0)
    .map(({ family, own }) => ({ family, text: allowedOf(own) }));
  if (new Set(texts.map(({ text }) => text)).size === 1) return texts[0]?.text ?? '';
  return texts.map(({ family, text }) => `${family === 'ipv4' ? 'v4' : 'v6'} ${text}`).join(', ');
}

function allowedOf(flows: readonly Seen[]): string {
  const allowed = flows.map(({ expectation }) => expectation).filter((one) => one.allowed);
  if (allowed.length === 0) return '–';
  const translated = allowed.some(({ seenAs, from }) => seenAs !== from.address.toString()) ? ' translated' : '';
  if (allowed.length === flows.length) return `all${translated}`;
  const ports = (protocol: 'tcp' | 'udp'): readonly string[] => {
    const own = [...new Set(allowed.filter((one) => one.protocol === protocol).map(({ port }) => port))];
    return own.length === 0 ? [] : [`${protocol}/${own.sort((a, b) => a - b).join(',')}`];
  };
  const icmp = allowed.some(({ protocol }) => protocol === 'icmp') ? ['icmp'] : [];
  return `${[...icmp, ...ports('tcp'), ...ports('udp')].join(' ')}${translated}`;
}
