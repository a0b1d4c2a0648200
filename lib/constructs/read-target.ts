import { Token, Tokenization, DefaultTokenResolver, StringConcat } from 'cdktf';
import type { IConstruct } from 'constructs';
import { InvalidValue, parseDomain, parseHost, parsePublicKey, parseUserName } from '../net';
import type { Bastion, SshTarget } from '../model';
import {
  type BastionOptions,
  Become,
  NO_KEYS,
  type ReadTarget,
  type SshTargetOptions,
  type Target,
} from '../terraform';
import { propsOf, type Reader } from './reader';

/** Reads a target. What is none is a misfit; undefined then, or one without the values that were refused. */
export function readTarget(reader: Reader, scope: IConstruct, property: string, given: Target): ReadTarget | undefined {
  const target = reader.object(property, given, 'Target', '_given');
  if (target === undefined) return undefined;
  const { _given: of } = target;
  if (of.kind === 'ssh') return readSsh(reader, scope, property, of.options);
  const path = reader.folder(property, of.path);
  return path === undefined ? undefined : inDirectory(path);
}

export function inDirectory(path: string): ReadTarget {
  return { declared: { kind: 'directory', path }, keys: NO_KEYS };
}

function readSsh(
  reader: Reader,
  scope: IConstruct,
  property: string,
  options: SshTargetOptions,
): ReadTarget | undefined {
  const given = reader.object(property, propsOf(options), 'SshTargetOptions');
  if (given === undefined) return undefined;
  const own = `${property}.`;
  const user = reader.parsed(`${own}user`, given.user ?? 'root', parseUserName) ?? 'root';
  const byDefault = user === 'root' ? Become.NONE : Become.SUDO;
  const bastion = reader.optional(given.bastion, (bastionGiven) =>
    reader.object(`${own}bastion`, bastionGiven, 'BastionOptions', 'host'),
  );
  const declared: SshTarget = {
    kind: 'ssh',
    user,
    port: reader.integer(`${own}port`, given.port ?? 22),
    domain: reader.optional(given.domain, (text) => reader.parsed(`${own}domain`, text, parseDomain)),
    become: reader.choice(`${own}become`, given.become ?? byDefault, 'Become', Become) ?? byDefault,
    ...readIdentity(reader, own, given),
    bastion: reader.optional(bastion, (one) => readBastion(reader, `${own}bastion.`, one, user)),
    timeouts: {
      connect: reader.integer(`${own}connectTimeout`, given.connectTimeout ?? 120),
      health: reader.integer(`${own}healthTimeout`, given.healthTimeout ?? 60),
      confirm: reader.integer(`${own}confirmTimeout`, given.confirmTimeout ?? 60),
    },
  };
  const key = (name: string, text: string | undefined): string | undefined =>
    reader.optional(text, (secret) => readPrivateKey(reader, scope, name, secret));
  return {
    declared,
    keys: {
      device: key(`${own}privateKey`, given.privateKey),
      bastion: key(`${own}bastion.privateKey`, bastion?.privateKey),
    },
  };
}

function readBastion(reader: Reader, own: string, given: BastionOptions, user: string): Bastion {
  return {
    host: reader.parsed(`${own}host`, given.host, parseHost) ?? '',
    port: reader.integer(`${own}port`, given.port ?? 22),
    user: reader.optional(given.user, (text) => reader.parsed(`${own}user`, text, parseUserName)) ?? user,
    ...readIdentity(reader, own, given),
  };
}

const readIdentity = (
  reader: Reader,
  own: string,
  { hostKey, acceptAnyHostKey }: Pick<SshTargetOptions, 'hostKey' | 'acceptAnyHostKey'>,
): Pick<Bastion, 'hostKey' | 'acceptAnyHostKey'> => ({
  hostKey: reader.optional(hostKey, (text) => reader.parsed(`${own}hostKey`, text, parsePublicKey)),
  acceptAnyHostKey: reader.boolean(`${own}acceptAnyHostKey`, acceptAnyHostKey ?? false),
});

/** A reference to a Terraform variable. Whatever else it is would stand in cdk.tf.json, and no message repeats it. */
function readPrivateKey(reader: Reader, scope: IConstruct, property: string, given: string): string | undefined {
  if (isReference(given, scope)) return given;
  reader.rejectBy(
    'target/private-key-is-known-to-terraform-alone',
    property,
    new InvalidValue(
      'is no Terraform variable: the key would be written into cdk.tf.json',
      'give the value of a sensitive TerraformVariable, or leave it out and use the SSH agent',
    ),
  );
  return undefined;
}

function isReference(given: unknown, scope: IConstruct): given is string {
  if (typeof given !== 'string' || !Token.isUnresolved(given)) return false;
  const written: unknown = Tokenization.resolve(given, {
    scope,
    preparing: false,
    resolver: new DefaultTokenResolver(new StringConcat()),
  });
  return typeof written === 'string' && /^\$\{[^"]*\}$/.test(written) && !written.includes('PRIVATE KEY');
}
