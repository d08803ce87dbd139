import type { z } from 'zod';
import { protocols } from '../../domain/kernel/door.ts';
import { type Json, sameJson } from '../../domain/kernel/json.ts';
import {
  defaultSshChannels,
  fileDirections,
  isForwardPair,
  isVariablePattern,
  type SshChannels,
} from '../../domain/policy/channels.ts';
import { fields, flag, line, list, oneOf } from './fields.ts';
import { size, sizeText } from './sizes.ts';

const ssh = fields({
  shell: flag.optional(),
  exec: flag.optional(),
  files: oneOf(fileDirections).optional(),
  maxFileBytes: size.optional(),
  forward: list(line.refine(isForwardPair, 'must be host:port, or [v6]:port, such as db1.example.org:5432')).optional(),
  env: list(
    line.refine(isVariablePattern, 'must be the name of a variable, or the beginning of names and a *, such as LC_*'),
  ).optional(),
  typed: flag.optional(),
});

/** What an entitlement opens inside a connection, by protocol. Only SSH has channels so far. */
export const channels = fields(
  { ssh: ssh.optional() },
  protocols.filter((protocol) => protocol !== 'ssh'),
);

/** What is not named is as in `defaultSshChannels`. */
export function sshChannels(given: z.infer<typeof ssh> = {}): SshChannels {
  const base = defaultSshChannels;
  return {
    shell: given.shell ?? base.shell,
    exec: given.exec ?? base.exec,
    files: given.files ?? base.files,
    maxFileBytes: given.maxFileBytes ?? base.maxFileBytes,
    forward: [...new Set(given.forward ?? base.forward)],
    env: [...new Set(given.env ?? base.env)],
    typed: given.typed ?? base.typed,
  };
}

const defaults: Readonly<Record<string, Json>> = { ...defaultSshChannels };

/** The field `channels` with what differs from the default; no field when nothing does. */
export function showChannels(spec: SshChannels): Readonly<Record<string, Json>> {
  const shown = { ...spec, maxFileBytes: spec.maxFileBytes === null ? null : sizeText(spec.maxFileBytes) };
  const differs = Object.entries(shown).filter(([key, value]) => !sameJson(value, defaults[key]));
  return differs.length === 0 ? {} : { channels: { ssh: Object.fromEntries(differs) } };
}
