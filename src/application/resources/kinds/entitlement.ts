import { z } from 'zod';
import { protocols } from '../../../domain/kernel/door.ts';
import { entitlementDecider } from '../../../domain/policy/entitlement/decider.ts';
import { type EntitlementSpec, rights, sessionRights } from '../../../domain/policy/events.ts';
import { channels, channelsOf, showChannels } from '../channels/channels.ts';
import { duration, durationText } from '../durations.ts';
import { fields, flag, line, list, names, oneOf, recording, someLabels } from '../fields.ts';
import { declaredRules, unlessEmpty } from '../rules.ts';

const access = fields({
  targets: names.optional(),
  labels: someLabels.optional(),
  accounts: names.default([]),
  protocols: list(oneOf(protocols)).default([]),
  rights: list(oneOf(rights)).optional(),
  channels: channels.optional(),
});

/** `{by: [alice], any}` or `any: true`. */
const chosen = z.union([z.literal(true), z.null()], { error: 'must be true, or stand without a value' }).optional();

const approval = fields({ by: list(line).min(1, 'must name at least one approver'), all: chosen, any: chosen });

export const entitlementRules = declaredRules({
  schema: fields(
    {
      access,
      conditions: names.default([]),
      recording: recording.default('required'),
      maxSession: duration.optional(),
      idle: duration.optional(),
      approval: approval.optional(),
      disabled: flag.default(false),
    },
    ['site', 'network'],
  ),
  decider: entitlementDecider,
  toSpec: ({ name, labels, spec }, references): EntitlementSpec | { path: string[]; message: string } => {
    const { targets, labels: targetLabels, rights: wanted } = spec.access;
    if (targets !== undefined && targetLabels !== undefined) {
      return { path: ['spec', 'access', 'labels'], message: 'cannot stand beside targets; give one of the two' };
    }
    if (spec.approval?.all !== undefined && spec.approval.any !== undefined) {
      return { path: ['spec', 'approval'], message: 'takes either all or any, not both' };
    }
    for (const [index, target] of (targets ?? []).entries()) {
      references.id('Target', target, ['spec', 'access', 'targets', index]);
    }
    const conditionIds = spec.conditions.map((each, index) =>
      references.id('Condition', each, ['spec', 'conditions', index]),
    );
    return {
      name,
      labels,
      access: {
        targets: [...new Set(targets ?? [])],
        labels: targetLabels ?? null,
        accounts: [...new Set(spec.access.accounts)],
        protocols: protocols.filter((protocol) => spec.access.protocols.includes(protocol)),
        rights: wanted === undefined ? sessionRights : rights.filter((right) => wanted.includes(right)),
        channels: channelsOf(spec.access.channels),
      },
      conditionIds: [...new Set(conditionIds)],
      recording: spec.recording,
      maxSessionMilliseconds: spec.maxSession ?? null,
      idleMilliseconds: spec.idle ?? null,
      approval:
        spec.approval === undefined
          ? null
          : { by: spec.approval.by, mode: spec.approval.any === undefined ? 'all' : 'any' },
      disabled: spec.disabled,
    };
  },
  show: (spec, nameOf) => ({
    access: {
      ...(spec.access.labels === null ? { targets: spec.access.targets } : { labels: spec.access.labels }),
      ...(spec.access.accounts.length === 0 ? {} : { accounts: spec.access.accounts }),
      ...(spec.access.protocols.length === 0 ? {} : { protocols: spec.access.protocols }),
      rights: spec.access.rights,
      ...showChannels(spec.access.channels),
    },
    conditions: unlessEmpty(spec.conditionIds.map(nameOf)),
    recording: spec.recording,
    maxSession: spec.maxSessionMilliseconds === null ? undefined : durationText(spec.maxSessionMilliseconds),
    idle: spec.idleMilliseconds === null ? undefined : durationText(spec.idleMilliseconds),
    approval: spec.approval === null ? undefined : { by: spec.approval.by, [spec.approval.mode]: true },
    disabled: spec.disabled || undefined,
  }),
  fieldOf: {
    'no-targets': ['spec', 'access'],
    'invalid-max-session': ['spec', 'maxSession'],
    'invalid-idle': ['spec', 'idle'],
    'invalid-forward': ['spec', 'access', 'channels', 'ssh', 'forward'],
    'invalid-env': ['spec', 'access', 'channels', 'ssh', 'env'],
    'invalid-max-file-bytes': ['spec', 'access', 'channels', 'ssh', 'maxFileBytes'],
    'invalid-databases': ['spec', 'access', 'channels', 'postgres', 'databases'],
    'invalid-statements': ['spec', 'access', 'channels', 'postgres'],
    'invalid-objects': ['spec', 'access', 'channels', 'postgres', 'objects'],
    'invalid-max-rows': ['spec', 'access', 'channels', 'postgres', 'maxRows'],
    'invalid-max-bytes': ['spec', 'access', 'channels', 'postgres', 'maxBytes'],
  },
});
