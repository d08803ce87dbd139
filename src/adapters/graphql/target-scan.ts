import { resolveArrayConnection } from '@pothos/plugin-relay';
import type { Refusal, TargetScan } from '../../application/ports/application-face.ts';
import { builder } from './builder.ts';
import { RefusalRef } from './mutations.ts';

const ScannedKeyRef = builder.objectRef<TargetScan['keys'][number]>('ScannedHostKey');
builder.objectType(ScannedKeyRef, {
  description: 'A host key that a target showed, and signed with.',
  authScopes: { admin: true },
  fields: (t) => ({
    line: t.exposeString('line', { description: 'The public key, as `trust.hostKeys` takes it.' }),
    fingerprint: t.exposeString('fingerprint'),
    authority: t.string({
      nullable: true,
      description: 'The CA of the host certificate, as `trust.hostCa` takes it.',
      resolve: ({ authority }) => authority?.line ?? null,
    }),
    authorityFingerprint: t.string({ nullable: true, resolve: ({ authority }) => authority?.fingerprint ?? null }),
    problem: t.string({
      nullable: true,
      description: 'Why the certificate would not be taken even from a trusted CA.',
      resolve: ({ authority }) => authority?.problem ?? null,
    }),
    trusted: t.exposeBoolean('trusted'),
  }),
});

const ScannedCertificateRef = builder.objectRef<NonNullable<TargetScan['certificate']>>('ScannedCertificate');
builder.objectType(ScannedCertificateRef, {
  description:
    'A certificate that a target showed, and proved that it has its key; the texts are as it says of itself.',
  authScopes: { admin: true },
  fields: (t) => ({
    sha256: t.exposeString('sha256', { description: 'As `trust.tls.certificateSha256` takes it.' }),
    subject: t.exposeString('subject'),
    issuer: t.exposeString('issuer'),
    validFrom: t.exposeString('validFrom', { description: 'ISO 8601, UTC.' }),
    validTo: t.exposeString('validTo', { description: 'ISO 8601, UTC.' }),
    names: t.exposeString('names', { description: 'Those it is for; empty for none.' }),
    problem: t.exposeString('problem', { nullable: true, description: 'Why it is not trusted.' }),
    trusted: t.boolean({ resolve: ({ problem }) => problem === null }),
  }),
});

interface Scanned {
  readonly scan: TargetScan | null;
  readonly errors: readonly Refusal[];
}

builder.relayMutationField(
  'scanTarget',
  {
    inputFields: (t) => ({
      target: t.string({ required: true, description: 'Its name.' }),
      confirm: t.stringList({
        description:
          'Fingerprints of keys, CAs or a certificate that you have compared: what shows them is trusted from now on.',
      }),
    }),
  },
  {
    description: 'Asks a target for its host keys or its certificate, without logging in.',
    authScopes: { admin: true },
    resolve: async (_root, { input: { target, confirm } }, { application, viewer }): Promise<Scanned> => {
      const result = await application.scanTarget(viewer, target, confirm ?? []);
      return result.ok ? { scan: result.scan, errors: [] } : { scan: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      keys: t.connection({
        type: ScannedKeyRef,
        description: 'At most six.',
        resolve: ({ scan }, args) => resolveArrayConnection({ args }, [...(scan?.keys ?? [])]),
      }),
      certificate: t.field({
        type: ScannedCertificateRef,
        nullable: true,
        description: 'Of a PostgreSQL target.',
        resolve: ({ scan }) => scan?.certificate ?? null,
      }),
      error: t.string({
        nullable: true,
        description: 'What went wrong with the target; keys that came before stand.',
        resolve: ({ scan }) => scan?.error ?? null,
      }),
      confirmed: t.stringList({ resolve: ({ scan }) => [...(scan?.confirmed ?? [])] }),
      resource: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'The Target with every key that it showed in `trust.hostKeys`, or its certificate in `trust.tls`, to be compared and applied.',
        resolve: ({ scan }) => scan?.resource ?? null,
      }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
