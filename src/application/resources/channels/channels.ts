import type { z } from 'zod';
import { protocols } from '../../../domain/kernel/door.ts';
import { type Json, sameJson } from '../../../domain/kernel/json.ts';
import { type Channels, defaultChannels } from '../../../domain/policy/channels.ts';
import { fields } from '../fields.ts';
import { postgres, postgresChannels, showPostgres } from './postgres.ts';
import { showSsh, ssh, sshChannels } from './ssh.ts';

/** What an entitlement opens inside a connection, by protocol. */
export const channels = fields(
  { ssh: ssh.optional(), postgres: postgres.optional() },
  protocols.filter((protocol) => protocol !== 'ssh' && protocol !== 'postgres'),
);

/** What is not named is as in `defaultChannels`. */
export function channelsOf(given: z.infer<typeof channels> = {}): Channels {
  return { ssh: sshChannels(given.ssh), postgres: postgresChannels(given.postgres) };
}

type Written = Readonly<Record<string, Json>>;

/** The field `channels` with what differs from the default; no field when nothing does. */
export function showChannels(spec: Channels): Written {
  const differing = {
    ...differs('ssh', showSsh(spec.ssh), showSsh(defaultChannels.ssh)),
    ...differs('postgres', showPostgres(spec.postgres), showPostgres(defaultChannels.postgres)),
  };
  return Object.keys(differing).length === 0 ? {} : { channels: differing };
}

function differs(protocol: keyof Channels, shown: Written, usual: Written): Written {
  const entries = Object.entries(shown).filter(([key, value]) => !sameJson(value, usual[key]));
  return entries.length === 0 ? {} : { [protocol]: Object.fromEntries(entries) };
}
