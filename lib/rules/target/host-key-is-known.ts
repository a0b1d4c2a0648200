import type { Bastion, SshTarget } from '../../model';
import { defineRule } from '../rule';
import { sshTargets } from '../targets';

export const hostKeyIsKnown = defineRule({
  id: 'target/host-key-is-known',
  statement: 'Devices and bastions are known by their host key, unless any key is accepted explicitly.',
  source: 'RFC 4251 section 4.1: without it, whoever is on the way can take the part of the device, and be root on it.',
  missesSomething: true,
  *check(fabric) {
    for (const { subject, target } of sshTargets(fabric)) {
      for (const [who, identity] of peersOf(target)) {
        const { hostKey, acceptAnyHostKey } = identity;
        if ((hostKey === undefined) === acceptAnyHostKey) continue;
        yield hostKey === undefined
          ? {
              subject,
              problem: `the host key of ${who} is not known`,
              fix: 'give its hostKey, or that of the CA that signed it; acceptAnyHostKey lets anybody answer instead',
            }
          : {
              subject,
              problem: `the host key of ${who} is given, and any other one is accepted, too`,
              fix: 'leave out acceptAnyHostKey',
            };
      }
    }
  },
});

const peersOf = (target: SshTarget): readonly (readonly [string, Pick<Bastion, 'hostKey' | 'acceptAnyHostKey'>])[] => [
  ['its devices', target],
  ...(target.bastion === undefined ? [] : [['the bastion', target.bastion] as const]),
];
