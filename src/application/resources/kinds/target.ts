import { protocols } from '../../../domain/kernel/door.ts';
import type { TargetTrust } from '../../../domain/target/events.ts';
import { targetDecider } from '../../../domain/target/decider.ts';
import { fields, flag, line, list, oneOf } from '../fields.ts';
import { hostKeyLine } from '../host-keys.ts';
import { declaredRules } from '../rules.ts';

const address = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([^:\s[\]]+)):(\d{1,5})$/;
const notAnAddress = 'must be host:port, or [v6]:port, such as db1.example.org:5432';

const noKeyLine =
  'is no whole public key line; write "ssh-ed25519 AAAA…" as in the file /etc/ssh/ssh_host_ed25519_key.pub';
const noCaLine = 'is no whole public key line of a CA; write "ssh-ed25519 AAAA…", without options or "@cert-authority"';

const trust = fields(
  {
    hostKeys: list(line.refine((text) => hostKeyLine(text) !== null, noKeyLine)).optional(),
    hostCa: list(line.refine((text) => hostKeyLine(text)?.startsWith('sk-') === false, noCaLine)).optional(),
  },
  ['tls'],
);

/** Each line once and without comment; undefined for none. */
function keyLines(lines: readonly string[] | undefined): readonly string[] | undefined {
  const unique = [...new Set((lines ?? []).map((text) => hostKeyLine(text) ?? text))];
  return unique.length === 0 ? undefined : unique;
}

function trustOf(given: { readonly [field in keyof TargetTrust]: readonly string[] | undefined }): TargetTrust | null {
  const hostKeys = keyLines(given.hostKeys);
  const hostCa = keyLines(given.hostCa);
  if (hostKeys === undefined && hostCa === undefined) return null;
  return { ...(hostKeys === undefined ? {} : { hostKeys }), ...(hostCa === undefined ? {} : { hostCa }) };
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
    const trusted = trustOf({ hostKeys: spec.trust?.hostKeys, hostCa: spec.trust?.hostCa });
    if (trusted !== null && spec.protocol !== 'ssh') {
      const field = trusted.hostKeys === undefined ? 'hostCa' : 'hostKeys';
      return { path: ['spec', 'trust', field], message: 'belongs to targets with protocol ssh' };
    }
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
    trust: spec.trust === null ? undefined : { ...spec.trust },
    disabled: spec.disabled || undefined,
  }),
  fieldOf: {
    'invalid-host': ['spec', 'address'],
    'invalid-port': ['spec', 'address'],
    'invalid-trust': ['spec', 'trust', 'hostKeys'],
    'invalid-host-ca': ['spec', 'trust', 'hostCa'],
    'protocol-fixed': ['spec', 'protocol'],
  },
});
