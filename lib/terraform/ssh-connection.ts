import type { SSHProvisionerConnection } from 'cdktf';
import type { SshTarget } from '../model';
import { terraformText } from './escape';

/** References to Terraform variables; undefined for the keys of the SSH agent. */
export interface PrivateKeys {
  readonly device: string | undefined;
  readonly bastion: string | undefined;
}

export const NO_KEYS: PrivateKeys = { device: undefined, bastion: undefined };

/**
 * Where Terraform puts what it runs. Anybody may write to it there, so not in /tmp, as by default, but in the home of the user. It
 * leaves an empty file each time.
 */
const SCRIPT = './.metal-fabric-%RAND%.sh';

/** A command that removes what Terraform left of earlier scripts, and none that is about to run. */
export const REMOVE_OLD_SCRIPTS = "find . -maxdepth 1 -name '.metal-fabric-*.sh' -size 0 -exec rm -f {} +";

/** How Terraform reaches a host of the target. */
export function connectionOf(target: SshTarget, keys: PrivateKeys, host: string): SSHProvisionerConnection {
  const { user, port, hostKey, bastion, timeouts } = target;
  return {
    type: 'ssh',
    host: terraformText(host),
    port,
    user: terraformText(user),
    agent: keys.device === undefined ? 'true' : 'false',
    timeout: `${timeouts.connect}s`,
    scriptPath: SCRIPT,
    ...given('privateKey', keys.device),
    ...given('hostKey', hostKey),
    ...(bastion === undefined
      ? {}
      : {
          bastionHost: terraformText(bastion.host),
          bastionPort: bastion.port,
          bastionUser: terraformText(bastion.user),
          ...given('bastionHostKey', bastion.hostKey),
          ...given('bastionPrivateKey', keys.bastion),
        }),
  };
}

function given<K extends string>(key: K, value: string | undefined): { readonly [_ in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [_ in K]?: string };
}
