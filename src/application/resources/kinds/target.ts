import { protocols } from '../../../domain/kernel/door.ts';
import type { Json } from '../../../domain/kernel/json.ts';
import type { TargetTrust, TlsTrust } from '../../../domain/target/events.ts';
import { targetDecider } from '../../../domain/target/decider.ts';
import { fields, flag, line, list, oneOf } from '../fields.ts';
import { hostKeyLine } from '../host-keys.ts';
import { certificateFingerprint, certificatesField, plainFingerprint, plainPem } from '../certificates.ts';
import { declaredRules, type FieldProblem } from '../rules.ts';
import { z } from 'zod';

const address = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([^:\s[\]]+)):(\d{1,5})$/;
const notAnAddress = 'must be host:port, or [v6]:port, such as db1.example.org:5432';

const noKeyLine =
  'is no whole public key line; write "ssh-ed25519 AAAA…" as in the file /etc/ssh/ssh_host_ed25519_key.pub';
const noCaLine = 'is no whole public key line of a CA; write "ssh-ed25519 AAAA…", without options or "@cert-authority"';

const fingerprint = line.regex(
  certificateFingerprint,
  'is no SHA-256 of a certificate: write 64 hex digits, as "openssl x509 -noout -fingerprint -sha256" prints them',
);

const trust = fields({
  hostKeys: list(line.refine((text) => hostKeyLine(text) !== null, noKeyLine)).optional(),
  hostCa: list(line.refine((text) => hostKeyLine(text)?.startsWith('sk-') === false, noCaLine)).optional(),
  tls: fields({
    ca: certificatesField.optional(),
    system: z.literal(true, { error: 'must be true, or be left out' }).optional(),
    certificateSha256: fingerprint.optional(),
  }).optional(),
});

/** Each line once and without comment; undefined for none. */
function keyLines(lines: readonly string[] | undefined): readonly string[] | undefined {
  const unique = [...new Set((lines ?? []).map((text) => hostKeyLine(text) ?? text))];
  return unique.length === 0 ? undefined : unique;
}

type GivenTrust = z.infer<typeof trust>;

function trustOf(given: GivenTrust): TargetTrust | null {
  const hostKeys = keyLines(given.hostKeys);
  const hostCa = keyLines(given.hostCa);
  const { tls } = given;
  if (hostKeys === undefined && hostCa === undefined && tls === undefined) return null;
  return {
    ...(hostKeys === undefined ? {} : { hostKeys }),
    ...(hostCa === undefined ? {} : { hostCa }),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
  };
}

function tlsOf({ ca, system, certificateSha256 }: NonNullable<GivenTrust['tls']>): TlsTrust {
  return {
    ...(ca === undefined ? {} : { ca: plainPem(ca) ?? ca }),
    ...(system === undefined ? {} : { system }),
    ...(certificateSha256 === undefined ? {} : { certificateSha256: plainFingerprint(certificateSha256) }),
  };
}

/** SSH has keys, the others certificates. */
function misplaced(trusted: TargetTrust | null, protocol: string): FieldProblem | null {
  const path = (field: string) => ['spec', 'trust', field] as const;
  if (protocol === 'ssh') {
    if (trusted?.tls === undefined) return null;
    return { path: path('tls'), message: 'belongs to targets with another protocol than ssh: those have host keys' };
  }
  if (trusted?.hostKeys === undefined && trusted?.hostCa === undefined) return null;
  const field = trusted.hostKeys === undefined ? 'hostCa' : 'hostKeys';
  return { path: path(field), message: 'belongs to targets with protocol ssh' };
}

function shownTrust({ tls, ...keys }: TargetTrust): Json {
  return tls === undefined ? { ...keys } : { ...keys, tls: { ...tls } };
}

export const targetRules = declaredRules({
  schema: fields({
    protocol: oneOf(protocols),
    address: line.regex(address, notAnAddress),
    trust: trust.optional(),
    disabled: flag.default(false),
  }),
  decider: targetDecider,
  toSpec: ({ name, labels, spec }) => {
    const match = address.exec(spec.address);
    const host = match?.[1] ?? match?.[2];
    if (host === undefined) return { path: ['spec', 'address'], message: notAnAddress };
    const trusted = spec.trust === undefined ? null : trustOf(spec.trust);
    const problem = misplaced(trusted, spec.protocol);
    if (problem !== null) return problem;
    return {
      name,
      labels,
      protocol: spec.protocol,
      host,
      port: Number(match?.[3]),
      trust: trusted,
      disabled: spec.disabled,
    };
  },
  show: (spec) => ({
    protocol: spec.protocol,
    address: `${spec.host.includes(':') ? `[${spec.host}]` : spec.host}:${spec.port}`,
    trust: spec.trust === null ? undefined : shownTrust(spec.trust),
    disabled: spec.disabled || undefined,
  }),
  fieldOf: {
    'invalid-host': ['spec', 'address'],
    'invalid-port': ['spec', 'address'],
    'invalid-trust': ['spec', 'trust', 'hostKeys'],
    'invalid-host-ca': ['spec', 'trust', 'hostCa'],
    'invalid-tls': ['spec', 'trust', 'tls'],
    'protocol-fixed': ['spec', 'protocol'],
  },
});
