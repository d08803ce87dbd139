import type { Category } from '../../domain/kernel/ids.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { targetOf } from './lookups.ts';
import { AccountRef, type CatalogueShape, EntitlementRef, PolicyRef, ProtocolRef, TargetRef } from './refs.ts';
import { protocols } from '../../domain/kernel/door.ts';

type Kind = 'target' | 'account' | 'entitlement' | 'policy';
const overseers = { auditor: true, admin: true } as const;
/** Who may see a session or token may see what its target is called. */
const named = { self: true, ...overseers } as const;

/** What all declared things share. Only overseers load them by id (`loadNode`); others meet them in what is their own. */
function node<Id extends string>(kind: Kind) {
  return {
    id: { resolve: (thing: CatalogueShape<Id>) => thing.id },
    isTypeOf: (value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      'id' in value &&
      isStreamIdOf(kind satisfies Category, String(value.id)),
  };
}

const labelsOf = ({ row }: CatalogueShape<string>) => row?.labels ?? {};
const specOf = ({ row }: CatalogueShape<string>) => row?.spec ?? {};
const isDisabled = (thing: CatalogueShape<string>) => specOf(thing).disabled === true;
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

builder.node(TargetRef, {
  ...node('target'),
  authScopes: named,
  fields: (t) => ({
    name: t.exposeString('name'),
    protocol: t.field({
      type: ProtocolRef,
      nullable: true,
      resolve: (target) => protocols.find((known) => known === specOf(target).protocol) ?? null,
    }),
    host: t.string({ nullable: true, authScopes: overseers, resolve: (target) => text(specOf(target).host) }),
    port: t.int({ nullable: true, authScopes: overseers, resolve: (target) => Number(specOf(target).port) }),
    labels: t.field({ type: 'JSON', authScopes: overseers, resolve: labelsOf }),
    disabled: t.boolean({ authScopes: overseers, resolve: isDisabled }),
    trusted: t.boolean({
      description: 'Whether its identity is known. Without that it opens nothing.',
      authScopes: overseers,
      resolve: (target) => (specOf(target).trust ?? null) !== null,
    }),
  }),
});

builder.node(AccountRef, {
  ...node('account'),
  authScopes: named,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The login on the target.' }),
    target: t.field({
      type: TargetRef,
      nullable: true,
      authScopes: overseers,
      resolve: ({ row }, _args, context) => (row?.targetId ? targetOf(context, row.targetId) : null),
    }),
  }),
});

builder.node(EntitlementRef, {
  ...node('entitlement'),
  authScopes: overseers,
  fields: (t) => ({
    name: t.exposeString('name'),
    labels: t.field({ type: 'JSON', resolve: labelsOf }),
    access: t.field({ type: 'JSON', nullable: true, resolve: (thing) => specOf(thing).access ?? null }),
    conditionIds: t.idList({ resolve: (thing) => texts(specOf(thing).conditionIds) }),
    recording: t.string({ nullable: true, resolve: (thing) => text(specOf(thing).recording) }),
    disabled: t.boolean({ resolve: isDisabled }),
  }),
});

builder.node(PolicyRef, {
  ...node('policy'),
  authScopes: overseers,
  fields: (t) => ({
    name: t.exposeString('name'),
    labels: t.field({ type: 'JSON', resolve: labelsOf }),
    assign: t.string({ nullable: true, resolve: (thing) => text(specOf(thing).assign) }),
    entitlementIds: t.idList({ resolve: (thing) => texts(specOf(thing).entitlementIds) }),
    entitlementLabels: t.field({
      type: 'JSON',
      nullable: true,
      resolve: (thing) => specOf(thing).entitlementLabels ?? null,
    }),
    disabled: t.boolean({ resolve: isDisabled }),
  }),
});

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
