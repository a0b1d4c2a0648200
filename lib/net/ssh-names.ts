import { Address } from './address';
import { InvalidValue, quote } from './invalid-value';

/** Refuses what is no name of a Unix user: it is written into commands. */
export function parseUserName(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(text)) return text;
  throw new InvalidValue(
    `${quote(text)} is no user name`,
    'use at most 32 letters, digits, "_", "." and "-", a letter or "_" first',
  );
}

/** So long that with the longest name of a device before it, it is still a name of DNS (RFC 1035 section 2.3.4). */
const DOMAIN_LENGTH = 253 - 64;

/** Labels of RFC 1123 section 2.1; the last one has a letter, so that no misspelt address passes for a name. */
const DNS_NAME =
  /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*(?=[^.]*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export function parseDomain(text: string): string {
  if (text.length <= DOMAIN_LENGTH && DNS_NAME.test(text)) return text;
  throw new InvalidValue(`${quote(text)} is no domain`, "write it like 'fra.example.net', without a dot at either end");
}

/** The name or the address of a host, the latter in canonical form. */
export function parseHost(text: string): string {
  if (text.length <= DOMAIN_LENGTH && DNS_NAME.test(text)) return text;
  try {
    return Address.parse(text).toString();
  } catch {
    throw new InvalidValue(`${quote(text)} is no host`, 'give a host name, or an IPv4 or IPv6 address');
  }
}

/** What OpenSSH has by default; DSA is gone for good. */
const KEY_TYPE =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** A public key as OpenSSH writes it; `<type> <key>`, without the comment. */
export function parsePublicKey(text: string): string {
  // Its text must not be repeated.
  if (text.includes('PRIVATE KEY'))
    throw new InvalidValue('is a private key', 'give the public key, from the .pub file');
  const [type = '', key = ''] = text.trim().split(/[ \t]+/);
  if (!/[\r\n]/.test(text.trim()) && KEY_TYPE.test(type) && /^[A-Za-z0-9+/]+={0,2}$/.test(key) && isOfType(key, type)) {
    return `${type} ${key}`;
  }
  throw new InvalidValue(`${quote(text)} is no public key`, "write it like 'ssh-ed25519 AAAA…', as in a .pub file");
}

/** RFC 4253 section 6.6: a key begins with the length of its type's name, and the name. */
function isOfType(key: string, type: string): boolean {
  const blob = Buffer.from(key, 'base64');
  return (
    blob.length > type.length + 8 &&
    blob.readUInt32BE(0) === type.length &&
    blob.toString('latin1', 4, 4 + type.length) === type
  );
}
