import type { z } from 'zod';
import type { Json } from '../../../domain/kernel/json.ts';
import {
  defaultSshChannels,
  fileDirections,
  isForwardPair,
  isVariablePattern,
  type SshChannels,
} from '../../../domain/policy/channels.ts';
import { fields, flag, line, list, oneOf } from '../fields.ts';
import { size, sizeText } from '../sizes.ts';

export const ssh = fields({
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

/** As an administrator writes it, whole. */
export function showSsh(spec: SshChannels): Readonly<Record<string, Json>> {
  return { ...spec, maxFileBytes: spec.maxFileBytes === null ? null : sizeText(spec.maxFileBytes) };
}
