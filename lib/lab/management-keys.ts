import { LabError } from './lab-error';
import type { Managed } from './managed';
import type { Session } from './session';

/** The keys of a lab's management network. The authority's private key is gone once it has signed. */
export interface Keys {
  /** Public keys, as `<type> <key>`. */
  readonly authority: string;
  readonly bastion: string;
  /** The private key of who comes in. */
  readonly client: string;
  readonly authorized: string;
  /** By name of a file. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Reads `<name> <principals>` in lines; writes `<file> <base64>`. */
const MAKE_KEYS = `
set -eu
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for key in .authority .bastion .client; do ssh-keygen -q -t ed25519 -N '' -C lab -f "$key"; done
sign() {
  ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$1"
  ssh-keygen -q -s .authority -h -I "$1" -n "$2" "$1.pub"
}
ssh-keygen -q -s .authority -h -I bastion -n bastion~,127.0.0.1 .bastion.pub
while read -r name principals; do
  sign "$name" "$principals" &
  if read -r name principals; then sign "$name" "$principals"; fi
  wait
done
rm .authority
for file in .[a-z]* *; do echo "$file $(base64 -w0 "$file")"; done
`;

/** Makes the keys of a lab, in the guest. */
export async function makeKeys(session: Session, plan: readonly Managed[], domain: string): Promise<Keys> {
  const lines = plan.map(({ name, address }) => `${name} ${name},${name}.${domain},${address}\n`);
  const { exit, out, err } = await session.run(undefined, ['bash', '-c', MAKE_KEYS], lines.join(''));
  if (exit !== 0)
    throw new LabError(`the keys of the lab could not be made: ${err.trim()}`, 'see metal-fabric lab logs');
  const files = new Map(
    out
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', data = '']) => [name, Buffer.from(data, 'base64')]),
  );
  const text = (name: string): string => files.get(name)?.toString() ?? '';
  const publicKey = (name: string): string => text(`${name}.pub`).split(' ').slice(0, 2).join(' ');
  return {
    authority: publicKey('.authority'),
    bastion: publicKey('.bastion'),
    client: text('.client'),
    authorized: text('.client.pub'),
    files,
  };
}
