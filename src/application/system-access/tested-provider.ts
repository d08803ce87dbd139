import { sameJson } from '../../domain/kernel/json.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { IdentityProviderSpec, IdentityProviderTested } from '../../domain/provider/events.ts';
import type { ResourceError } from '../ports/resource-document.ts';
import { type CheckedDocument, checkDocuments, type ResourceProblem, type WriteOnly } from '../resources/check.ts';
import type { ResourceDeps } from '../resources/deps.ts';
import { nameKeyOf } from '../resources/identities.ts';
import { kindRules } from '../resources/kind-rules.ts';
import { providerProblems } from '../resources/provider-problems.ts';
import type { Planned, References, Standing } from '../resources/rules.ts';
import { readState } from '../resources/state.ts';

/** A document that could be applied as it is, and what would be shown to the provider. */
export interface TestedProvider {
  /** Null: there is no provider of this name. */
  readonly standingId: StreamId | null;
  readonly spec: IdentityProviderSpec;
  readonly secret: string | null;
  readonly whence: IdentityProviderTested['data']['secret'];
}

type Read =
  | ({ readonly ok: true } & TestedProvider)
  | { readonly ok: false; readonly errors: readonly ResourceError[] };

/** The one IdentityProvider document of a text, by every rule that apply has. Errors: those of log, views and vault. */
export async function readTestedProvider(deps: ResourceDeps, text: string): Promise<Read> {
  const parsed = deps.yaml.parse(text);
  if (!parsed.ok) return refused({ document: 1, ...parsed.problem });
  const { documents, writeOnly, problems } = checkDocuments(parsed.documents);
  if (problems.length > 0) return refused(...problems);
  const [document] = documents;
  if (document?.kind !== 'IdentityProvider' || documents.length > 1)
    return refused({ document: 1, line: 1, column: 1, message: 'one IdentityProvider is tested at a time' });
  const standing = (await readState(deps)).find(document.kind, document.name);
  const given = givenSecret(writeOnly.get(document.document) ?? {});
  const planned = planOf(deps, document, standing, given !== null);
  if (!planned.ok) return refused(document.problem(planned.problem.path, planned.problem.message));
  const spec = planned.spec as IdentityProviderSpec;
  const unfit = await providerProblems(deps, [document], [changeOf(deps, document, spec, standing)]);
  if (unfit.length > 0) return refused(...unfit);
  const found = { ok: true, standingId: standing?.id ?? null, spec } as const;
  if (given !== null) return { ...found, secret: given, whence: 'given' };
  if (spec.secretId === null) return { ...found, secret: null, whence: 'none' };
  const before = (standing?.spec ?? null) as IdentityProviderSpec | null;
  if (before === null || !goesWhereItGoes(before, spec)) {
    const field = spec.connection.type === 'ldap' ? 'bindPassword' : 'clientSecret';
    return refused(document.problem(['spec', field], elsewhere));
  }
  const secret = Buffer.from(await deps.vault.open(spec.secretId)).toString('utf8');
  return { ...found, secret, whence: 'custody' };
}

const elsewhere =
  'what is in custody is shown to nobody but whom it is for as the provider stands; type it to test other addresses, another name or another CA';

/** A test shows a secret to nobody who would not get it without the test. */
function goesWhereItGoes(before: IdentityProviderSpec, spec: IdentityProviderSpec): boolean {
  return sameJson(receiver(before), receiver(spec));
}

function receiver({ connection, ca }: IdentityProviderSpec) {
  if (connection.type === 'ldap') return { ca, addresses: connection.urls, name: connection.bindDn };
  if (connection.type === 'oidc') return { ca, addresses: [connection.issuer], name: connection.clientId };
  return { ca, addresses: [], name: '' };
}

function givenSecret({ clientSecret, bindPassword }: WriteOnly): string | null {
  return clientSecret ?? bindPassword ?? null;
}

/** It names no other resource. */
const references: References = {
  id: () => {
    throw new Error('an identity provider names no other resource');
  },
};

function planOf(deps: ResourceDeps, document: CheckedDocument, standing: Standing | null, given: boolean): Planned {
  const { name, labels, spec } = document;
  const nameKey = nameKeyOf(deps, 'IdentityProvider', name);
  const secret = given ? { secretId: 'given', publicKey: null } : null;
  return kindRules.IdentityProvider.plan({ name, nameKey, labels, spec, secret }, standing, references);
}

function changeOf(
  deps: ResourceDeps,
  { document, kind, name }: CheckedDocument,
  spec: IdentityProviderSpec,
  standing: Standing | null,
): Parameters<typeof providerProblems>[2][number] {
  const nameKey = nameKeyOf(deps, kind, name);
  const id = standing?.id ?? 'provider-new';
  return { document, kind, name, nameKey, id, outcome: 'changed', spec, secretId: null, superseded: null };
}

function refused(...problems: readonly ResourceProblem[]): Read {
  const errors = problems.map(({ message, line, column }) => ({ code: 'invalid-resource', message, line, column }));
  return { ok: false, errors };
}
