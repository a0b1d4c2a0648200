import { InvalidValue, quote } from './invalid-value';

/** The longest interface name Linux takes: IFNAMSIZ less the closing zero. */
export const INTERFACE_NAME_LENGTH = 15;

/** The longest label of a host name (RFC 1123 section 2.1). */
export const NAME_LENGTH = 63;

/**
 * Refuses what is no label of a host name. Names become host names, folders, file texts and Terraform addresses, so
 * the grammar is the strictest of these: letters a–z, digits and hyphens, starting with a letter.
 */
export function parseName(text: string): string {
  if (text.length <= NAME_LENGTH && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(text)) return text;
  throw new InvalidValue(
    `${quote(text)} is no name`,
    `use at most ${NAME_LENGTH} lower case letters, digits and hyphens, a letter first, no hyphen last`,
  );
}

/**
 * What a device has by itself: interfaces (`all` and `default` are folders of sysctl beside them), and the peer groups of
 * BGP, which share their names with neighbors on interfaces.
 */
const TAKEN_INTERFACE_NAME = /^(lo|all|default|bridge|(vrf|vlan|vni)\d+|fabric|firewall|leaf|machine)$/;

/** Refuses what Linux, FRR and ifupdown2 do not all take as the name of a network interface, and what is taken. */
export function parseInterfaceName(text: string): string {
  if (text.length > INTERFACE_NAME_LENGTH || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(text)) {
    throw new InvalidValue(
      `${quote(text)} is no interface name`,
      `use at most ${INTERFACE_NAME_LENGTH} letters, digits, "_" and "-", a letter first`,
    );
  }
  if (TAKEN_INTERFACE_NAME.test(text)) {
    throw new InvalidValue(`${quote(text)} is a name that devices use themselves`, 'choose another name, like lan0');
  }
  return text;
}

/** The text of a user made safe for a comment line: one line of printable characters, without a backslash at its end. */
export function commentText(text: string): string {
  const line = text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ')
    .replace(/\\/g, '/')
    .replace(/ +/g, ' ')
    .trim();
  // By character, so that none is cut in half.
  return Array.from(line).slice(0, 300).join('');
}
