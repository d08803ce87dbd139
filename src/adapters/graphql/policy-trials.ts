import type { AccessExplained, SimulatedCondition } from '../../application/ports/administration.ts';
import { builder } from './builder.ts';
import { findUserId } from './lookups.ts';
import { ProtocolRef } from './refs.ts';

/** What administrators try policies with, before and after they apply them. Nothing here alters anything. */

const admin = { admin: true } as const;

const SimulatedRef = builder.objectRef<SimulatedCondition>('SimulatedCondition');
builder.objectType(SimulatedRef, {
  authScopes: admin,
  fields: (t) => ({
    result: t.exposeBoolean('result', { description: 'What it comes to: an error is a no.' }),
    output: t.field({ type: 'JSON', nullable: true, resolve: ({ output }) => output }),
    error: t.exposeString('error', { nullable: true }),
    cost: t.field({
      type: 'Count',
      nullable: true,
      description: 'Steps at most on these claims; null: it does not compile.',
      resolve: ({ cost }) => cost,
    }),
    mostCost: t.exposeInt('mostCost', { description: 'Steps that an expression may take.' }),
  }),
});

const SimulateInput = builder.inputType('SimulateConditionInput', {
  fields: (t) => ({
    expression: t.string({ required: true }),
    claims: t.field({
      type: 'JSON',
      description: '{user, device, system}; what is left out is empty. See `claimsOf`.',
    }),
    time: t.field({ type: 'DateTime', description: 'Sets `claims.system.local`; now when left out.' }),
  }),
});

const ExplainedRef = builder.objectRef<AccessExplained>('AccessExplained');
builder.objectType(ExplainedRef, {
  description: 'What admission would say now, with the newest login of the person, and what that rests on.',
  authScopes: admin,
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed'),
    reason: t.exposeString('reason', { nullable: true }),
    detail: t.exposeString('detail', { nullable: true }),
    account: t.exposeString('account', { nullable: true }),
    entitlement: t.exposeString('entitlement', { nullable: true, description: 'The one it is allowed by.' }),
    candidates: t.exposeStringList('candidates', { description: 'Accounts to choose from.' }),
    entitlements: t.field({
      type: 'JSON',
      description:
        'Those that name the target: {id, name, policies: [{id, name, holds, error}], conditions: [the same], rights, approval}.',
      resolve: ({ entitlements }) => entitlements,
    }),
  }),
});

builder.queryFields((t) => ({
  simulateCondition: t.field({
    type: SimulatedRef,
    description: 'What an expression says of claims: a pure function of both, with the limits that conditions have.',
    authScopes: admin,
    args: { input: t.arg({ type: SimulateInput, required: true }) },
    resolve: async (_root, { input: { expression, claims, time } }, { application, viewer }) =>
      application.simulateCondition(viewer, { expression, claims: claims ?? {}, time: time ?? null }),
  }),
  claimsOf: t.field({
    type: 'JSON',
    nullable: true,
    description: 'The claims of a person as their newest login gives them, to start a simulation from.',
    authScopes: admin,
    args: {
      user: t.arg.string({ required: true, description: 'A name or an id.' }),
      protocol: t.arg({ type: ProtocolRef }),
    },
    resolve: async (_root, { user, protocol }, context) => {
      const userId = findUserId(context, user);
      return userId === null ? null : context.application.claimsOf(context.viewer, userId, protocol ?? 'ssh');
    },
  }),
  explainAccess: t.field({
    type: ExplainedRef,
    nullable: true,
    description: 'Null: there is no such person.',
    authScopes: admin,
    args: {
      user: t.arg.string({ required: true, description: 'A name or an id.' }),
      target: t.arg.string({ required: true, description: 'Its name.' }),
      account: t.arg.string({ description: 'The login on the target; left out: the only one.' }),
    },
    resolve: async (_root, { user, target, account }, context) => {
      const userId = findUserId(context, user);
      if (userId === null) return null;
      return context.application.explainAccess(context.viewer, { userId, target, account: account ?? null });
    },
  }),
}));
