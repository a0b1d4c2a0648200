import { allSessions, resetSessions, type SessionReset } from './bgp-resets';
import { interfaceChanges, type InterfaceChanges } from './interface-changes';

/** What has something to do on the device. */
export type Tool = 'sysctl' | 'ifreload' | 'frr-reload' | 'FRR restart' | 'nft';

/** What a change of files does on the device. */
export interface Effects {
  /** In the order of the program on the device. It also runs those that have nothing to do. */
  readonly tools: readonly Tool[];
  /** Sessions that are there and do not stay up. */
  readonly sessions: readonly SessionReset[];
  readonly interfaces: InterfaceChanges;
}

/** Texts of files, by name. */
export type Texts = ReadonlyMap<string, string>;

/** What becomes of a device when its files change. */
export function effectsOf(before: Texts, after: Texts): Effects {
  const differs = (name: string): boolean => meaningOf(before.get(name)) !== meaningOf(after.get(name));
  const restart = differs('daemons');
  const frr = before.get('frr.conf') ?? '';
  const tools: readonly [Tool, boolean][] = [
    ['sysctl', differs('sysctl.conf')],
    ['ifreload', differs('interfaces')],
    ['FRR restart', restart],
    ['frr-reload', !restart && differs('frr.conf')],
    ['nft', differs('nftables.conf')],
  ];
  return {
    tools: tools.flatMap(([tool, busy]) => (busy ? [tool] : [])),
    sessions: restart ? allSessions(frr, 'FRR is restarted') : resetSessions(frr, after.get('frr.conf') ?? ''),
    interfaces: interfaceChanges(before.get('interfaces') ?? '', after.get('interfaces') ?? ''),
  };
}

/** A text without what tools skip: comments, and empty lines. */
const meaningOf = (text: string | undefined): string =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !/^\s*([#!]|$)/.test(line))
    .join('\n');
