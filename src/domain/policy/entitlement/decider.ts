import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import { isForwardPair, isVariablePattern, type SshChannels } from '../channels.ts';
import type { EntitlementSpec } from '../events.ts';
import { isDatabaseName, isObjectPattern, isStatementWord, type PostgresChannels } from '../postgres-channels.ts';

export type EntitlementCode =
  | 'invalid-name'
  | 'no-targets'
  | 'invalid-max-session'
  | 'invalid-idle'
  | 'invalid-forward'
  | 'invalid-env'
  | 'invalid-max-file-bytes'
  | 'invalid-databases'
  | 'invalid-statements'
  | 'invalid-objects'
  | 'invalid-max-rows'
  | 'invalid-max-bytes';

/** A whole number above zero, of milliseconds or bytes; null stands for no limit. */
function isLimit(limit: number | null): boolean {
  return limit === null || (Number.isSafeInteger(limit) && limit > 0);
}

/** Fewer than the session rights are fine: the entitlement then opens no session. */
function check(spec: EntitlementSpec): Rejection<EntitlementCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `entitlement: ${problem}`);
  if (spec.access.targets.length === 0 && Object.keys(spec.access.labels ?? {}).length === 0) {
    return refuse('no-targets', `entitlement "${spec.name}": name targets, or labels that targets carry, in access`);
  }
  if (!isLimit(spec.maxSessionMilliseconds)) {
    return refuse('invalid-max-session', `entitlement "${spec.name}": maxSession must be longer than zero`);
  }
  if (!isLimit(spec.idleMilliseconds)) {
    return refuse('invalid-idle', `entitlement "${spec.name}": idle must be longer than zero`);
  }
  const { ssh, postgres } = spec.access.channels;
  return checkSsh(spec.name, ssh) ?? checkPostgres(spec.name, postgres);
}

function checkSsh(name: string, channels: SshChannels): Rejection<EntitlementCode> | null {
  if (!channels.forward.every(isForwardPair)) {
    return refuse('invalid-forward', `entitlement "${name}": forward takes host:port pairs, such as db1:5432`);
  }
  if (!channels.env.every(isVariablePattern)) {
    return refuse('invalid-env', `entitlement "${name}": env takes names of variables, such as TZ or LC_*`);
  }
  if (!isLimit(channels.maxFileBytes)) {
    return refuse('invalid-max-file-bytes', `entitlement "${name}": maxFileBytes must be more than zero`);
  }
  return null;
}

function checkPostgres(name: string, channels: PostgresChannels): Rejection<EntitlementCode> | null {
  if (!channels.databases.every(isDatabaseName)) {
    return refuse('invalid-databases', `entitlement "${name}": databases takes names of at most 63 bytes`);
  }
  if (![...channels.allow, ...channels.deny].every(isStatementWord)) {
    return refuse(
      'invalid-statements',
      `entitlement "${name}": allow and deny take kinds of statements, such as select`,
    );
  }
  if (![...channels.objects.allow, ...channels.objects.deny].every(isObjectPattern)) {
    return refuse('invalid-objects', `entitlement "${name}": objects takes name, schema.name or schema.*`);
  }
  if (!isLimit(channels.maxRows)) {
    return refuse('invalid-max-rows', `entitlement "${name}": maxRows must be more than zero`);
  }
  if (!isLimit(channels.maxBytes)) {
    return refuse('invalid-max-bytes', `entitlement "${name}": maxBytes must be more than zero`);
  }
  return null;
}

export const entitlementDecider = declaredDecider<
  EntitlementSpec,
  'EntitlementDeclared',
  'EntitlementWithdrawn',
  EntitlementCode
>({
  noun: 'entitlement',
  declared: 'EntitlementDeclared',
  withdrawn: 'EntitlementWithdrawn',
  check,
});
