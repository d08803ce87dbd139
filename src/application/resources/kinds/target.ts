import { protocols } from '../../../domain/kernel/door.ts';
import { targetDecider } from '../../../domain/target/decider.ts';
import { fields, flag, line, list, oneOf } from '../fields.ts';
import { hostKeyLine } from '../host-keys.ts';
import { declaredRules } from '../rules.ts';

const address = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([^:\s[\]]+)):(\d{1,5})$/;
const notAnAddress = 'must be host:port, or [v6]:port, such as db1.example.org:5432';

const trust = fields(
  {
    hostKeys: list(
      line.refine(
        (text) => hostKeyLine(text) !== null,
        'is no whole public key line; write "ssh-ed25519 AAAA…" as in the file /etc/ssh/ssh_host_ed25519_key.pub',
      ),
    ).optional(),
  },
  ['hostCa', 'tls'],
);

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
    const hostKeys = [...new Set((spec.trust?.hostKeys ?? []).map((text) => hostKeyLine(text) ?? text))];
    if (hostKeys.length > 0 && spec.protocol !== 'ssh') {
      return { path: ['spec', 'trust', 'hostKeys'], message: 'belongs to targets with protocol ssh' };
    }
    return {
      name,
      labels,
      protocol: spec.protocol,
      host,
      port: Number(match?.[3]),
      trust: hostKeys.length === 0 ? null : { hostKeys },
      disabled: spec.disabled,
    };
  },
  show: (spec) => ({
    protocol: spec.protocol,
    address: `${spec.host.includes(':') ? `[${spec.host}]` : spec.host}:${spec.port}`,
    trust: spec.trust?.hostKeys === undefined ? undefined : { hostKeys: spec.trust.hostKeys },
    disabled: spec.disabled || undefined,
  }),
  fieldOf: {
    'invalid-host': ['spec', 'address'],
    'invalid-port': ['spec', 'address'],
    'invalid-trust': ['spec', 'trust', 'hostKeys'],
    'protocol-fixed': ['spec', 'protocol'],
  },
});
