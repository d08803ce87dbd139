import { z } from 'zod';
import type { StreamId } from '../../../domain/kernel/ids.ts';
import { sameJson } from '../../../domain/kernel/json.ts';
import { nameProblem } from '../../../domain/kernel/names.ts';
import { type Personal, personalText } from '../../../domain/kernel/personal.ts';
import type { UserCommand } from '../../../domain/user/commands.ts';
import { userDecider } from '../../../domain/user/decider.ts';
import { type CommandContext, type CommandTools, runCommand } from '../../commands/run-command.ts';
import { fields, flag, line, names } from '../fields.ts';
import { type KindRules, unlessEmpty } from '../rules.ts';

const schema = fields({
  email: line.max(254, 'is longer than 254 characters').optional(),
  groups: names.default([]),
  roles: names.default([]),
  password: z
    .string({ error: 'must be a text; put it in quotes' })
    .min(1, 'must not be empty')
    .max(1_024, 'is longer than 1024 characters')
    .optional(),
  mustChange: flag.default(false),
  disabled: flag.default(false),
});

/** A User as it stands: the directory's columns. */
export interface StandingUser {
  readonly email: Personal | null;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly secretId: string | null;
  readonly mustChange: boolean;
  readonly disabled: boolean;
}

export interface UserPlan {
  readonly name: string;
  readonly nameKey: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly disabled: boolean;
  /** Of the password that will stand. */
  readonly mustChange: boolean;
  /** Null: whatever password stands is left alone. */
  readonly password: { readonly secretId: string; readonly mustChange: boolean } | null;
}

function set(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

export const userRules: KindRules = {
  schema,
  plan: ({ name, nameKey, labels, spec: given, secret }, standing, references) => {
    const spec = given as z.output<typeof schema>;
    const problem = nameProblem(name);
    if (problem !== null) return { ok: false, problem: { path: ['metadata', 'name'], message: problem } };
    if (Object.keys(labels).length > 0) {
      return {
        ok: false,
        problem: { path: ['metadata', 'labels'], message: 'labels of a User are not supported by this version' },
      };
    }
    for (const [index, role] of spec.roles.entries()) references.id('Role', role, ['spec', 'roles', index]);
    const facts = {
      email: spec.email ?? null,
      groups: set(spec.groups),
      roles: set(spec.roles),
      disabled: spec.disabled,
    };
    const password = secret === null ? null : { secretId: secret.secretId, mustChange: spec.mustChange };
    const kept = (standing?.spec as StandingUser | undefined)?.mustChange ?? false;
    const mustChange = password === null ? kept : spec.mustChange;
    const plan: UserPlan = { name, nameKey, ...facts, mustChange, password };
    if (standing === null) return { ok: true, spec: plan, outcome: 'created' };
    const { email, groups, roles, disabled } = standing.spec as StandingUser;
    const same = password === null && sameJson(facts, { email, groups: set(groups), roles: set(roles), disabled });
    return { ok: true, spec: plan, outcome: same ? 'unchanged' : 'changed' };
  },
  act: async (tools, id, context, spec, loginId) => {
    const { name, nameKey, email, groups, roles, disabled, password } = spec as UserPlan;
    const { actor } = context;
    // Whoever sets their own password by what they apply stays in the login that asks.
    const keptLogin = actor.kind === 'user' && actor.userId === id ? loginId : null;
    // The password comes last: before it nobody logs in, so nobody does with half of the wish.
    const commands: UserCommand[] = [
      { type: 'create', name, nameKey, email, bornOf: null },
      { type: disabled ? 'disable' : 'enable' },
      { type: 'set-email', email },
      { type: 'set-memberships', groups, roles },
      ...(password === null ? [] : [{ type: 'set-password', ...password, keptLogin } as const]),
    ];
    return runEach(tools, id, context, commands);
  },
  remove: (tools, id, context) => runCommand(tools, userDecider, id, context, { type: 'remove' }),
  show: ({ spec }) => {
    const user = spec as StandingUser;
    return {
      email: user.email === null ? undefined : personalText(user.email),
      groups: unlessEmpty(user.groups),
      roles: unlessEmpty(user.roles),
      mustChange: user.mustChange || undefined,
      disabled: user.disabled || undefined,
    };
  },
  secretOf: (spec) => {
    const user = spec as Partial<StandingUser & UserPlan>;
    return user.secretId ?? user.password?.secretId ?? null;
  },
};

async function runEach(tools: CommandTools, id: StreamId, context: CommandContext, commands: readonly UserCommand[]) {
  let last = await runCommand(tools, userDecider, id, context, commands[0] ?? { type: 'enable' });
  for (const command of commands.slice(1)) {
    if (!last.ok) return last;
    last = await runCommand(tools, userDecider, id, context, command);
  }
  return last;
}
