import { Prefix } from '../net';

/** The use of addresses that a host reaches itself at. */
export const LOOPBACK = 'for loopbacks';

/** Addresses with a use of their own. */
export interface Special {
  readonly prefix: Prefix;
  readonly use: string;
}

/** RFC 6890, RFC 5771 and RFC 4291. */
export const SPECIAL: readonly Special[] = (
  [
    ['0.0.0.0/8', 'for hosts without an address'],
    ['127.0.0.0/8', LOOPBACK],
    ['169.254.0.0/16', 'link-local'],
    ['224.0.0.0/4', 'for multicast'],
    ['240.0.0.0/4', 'reserved'],
    ['::/128', 'for hosts without an address'],
    ['::1/128', LOOPBACK],
    ['fe80::/10', 'link-local'],
    ['ff00::/8', 'for multicast'],
    ['::ffff:0:0/96', 'for IPv4 in the form of IPv6'],
  ] as const
).map(([text, use]) => ({ prefix: Prefix.parse(text), use }));
