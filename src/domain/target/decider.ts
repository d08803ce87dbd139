import { isCertificatePem } from '../kernel/certificate-pem.ts';
import { type DeclaredCode, declaredDecider, refuse } from '../kernel/declared.ts';
import { accept, type Decider, type Rejection, reject } from '../kernel/decider.ts';
import { nameProblem } from '../kernel/names.ts';
import { isSshPublicKeyLine } from '../kernel/ssh-public-key.ts';
import type { TargetCommand } from './commands.ts';
import type { TargetEvent, TargetSpec, TlsTrust } from './events.ts';
import type { TargetState } from './state.ts';

export type TargetCode =
  | 'invalid-name'
  | 'invalid-host'
  | 'invalid-port'
  | 'invalid-trust'
  | 'invalid-host-ca'
  | 'invalid-tls'
  | 'protocol-fixed';

/** A host name or an address, IPv6 without brackets. */
const host = /^[\p{L}\p{N}._:%-]{1,255}$/u;

/** Keys on a security token (`sk-…`) sign in a way of their own, which host certificates are not checked for. */
function isAuthority(line: string): boolean {
  return isSshPublicKeyLine(line) && !line.startsWith('sk-');
}

const sha256 = /^[0-9a-f]{64}$/;

function isTlsTrust({ ca, system, certificateSha256 }: TlsTrust): boolean {
  if ([ca, system, certificateSha256].filter((given) => given !== undefined).length !== 1) return false;
  if (ca !== undefined) return isCertificatePem(ca);
  return system === true || sha256.test(certificateSha256 ?? '');
}

function check(spec: TargetSpec, previous: TargetSpec | null): Rejection<TargetCode> | null {
  const problem = nameProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `target: ${problem}`);
  if (!host.test(spec.host)) {
    return refuse('invalid-host', `target "${spec.name}": the host must be a host name or an IP address`);
  }
  if (!Number.isInteger(spec.port) || spec.port < 1 || spec.port > 65_535) {
    return refuse('invalid-port', `target "${spec.name}": the port must be from 1 to 65535, not ${spec.port}`);
  }
  if (spec.trust?.hostKeys?.every(isSshPublicKeyLine) === false) {
    return refuse(
      'invalid-trust',
      `target "${spec.name}": trust.hostKeys takes public key lines without comment, as "ssh-ed25519 AAAA…"`,
    );
  }
  if (spec.trust?.hostCa?.every(isAuthority) === false) {
    return refuse(
      'invalid-host-ca',
      `target "${spec.name}": trust.hostCa takes the public key lines of CAs without comment, as "ssh-ed25519 AAAA…"`,
    );
  }
  if (spec.trust?.tls !== undefined && !isTlsTrust(spec.trust.tls)) {
    return refuse(
      'invalid-tls',
      `target "${spec.name}": trust.tls takes one of ca (certificates as PEM), system: true, and certificateSha256 (64 hex digits)`,
    );
  }
  if (previous !== null && previous.protocol !== spec.protocol) {
    return refuse(
      'protocol-fixed',
      `target "${spec.name}" speaks ${previous.protocol}, which can't be altered; make a new target for ${spec.protocol}`,
    );
  }
  return null;
}

const declared = declaredDecider<TargetSpec, 'TargetDeclared', 'TargetWithdrawn', TargetCode>({
  noun: 'target',
  declared: 'TargetDeclared',
  withdrawn: 'TargetWithdrawn',
  check,
});

/** What is declared, and what the system itself saw of it. */
export const targetDecider: Decider<TargetState, TargetCommand, TargetEvent, DeclaredCode | TargetCode> = {
  initial: declared.initial,
  decide: (command, state) => {
    if (command.type !== 'note-scan') return declared.decide(command, state);
    if (state.status !== 'declared') return reject('absent', 'there is no such target; nothing was noted');
    const { offered, certificate, error } = command;
    return accept({ type: 'TargetScanned', data: { offered, certificate, error } });
  },
  evolve: (state, event) => (event.type === 'TargetScanned' ? state : declared.evolve(state, event)),
};
