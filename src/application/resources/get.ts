import type { Json } from '../../domain/kernel/json.ts';
import type { RoleSpec } from '../../domain/policy/events.ts';
import { permissionsWithin } from '../../domain/policy/permissions.ts';
import type { ResourceDocument } from '../ports/application-face.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { denied, type ResourceDeps, type ResourceViewer } from './deps.ts';
import { kindRules } from './kind-rules.ts';
import { apiVersion, type Kind } from './kinds.ts';
import type { Labels, NameOf, Standing } from './rules.ts';
import { everyStanding, readState } from './state.ts';

/**
 * Resources as documents, oldest first, never with a write-only value; without a name all of the kind that the viewer
 * may read, with a name that one or none. Reading needs `administer` or `audit`, on all or on the labels it carries.
 * Errors: `denied`; `limit` above 100,000.
 */
export async function getResources(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  kind: Kind,
  name?: string,
): Promise<readonly ResourceDocument[]> {
  const state = await readState(deps);
  const readable = reader(deps, viewer);
  const documents: ResourceDocument[] = [];
  for (const standing of name === undefined ? everyStanding(deps, kind) : [state.find(kind, name.normalize('NFC'))]) {
    if (standing === null || !readable(standing.labels)) continue;
    documents.push(documentOf(standing, state.nameOf));
    if (documents.length > mostDocuments) {
      throw new SallyportError(
        'limit',
        'too-many-resources',
        `there are more than ${mostDocuments} of ${kind}; name one`,
      );
    }
  }
  return documents;
}

const mostDocuments = 100_000;

/** Which labels the viewer may read; a viewer who may read nothing at all is refused. */
function reader(deps: ResourceDeps, viewer: ResourceViewer): (labels: Labels) => boolean {
  if ('system' in viewer || mayRead(viewer.permissions)) return () => true;
  const declared = [...everyStanding(deps, 'Role')].map((role) => role.spec as RoleSpec);
  const own = declared.filter((role) => viewer.roles.includes(role.name) && mayRead(role.permissions));
  if (own.length === 0) throw denied('reading resources needs a role with the permission administer or audit');
  return (labels) => mayRead(permissionsWithin(viewer.roles, declared, labels));
}

function mayRead(permissions: readonly string[]): boolean {
  return permissions.includes('administer') || permissions.includes('audit');
}

/** A thing as a document, without its write-only values. */
export function documentOf(standing: Standing, nameOf: NameOf): ResourceDocument {
  const { kind, name, labels } = standing;
  const shown = Object.entries(kindRules[kind].show(standing, nameOf));
  const spec = Object.fromEntries(shown.filter((entry): entry is [string, Json] => entry[1] !== undefined));
  return { apiVersion, kind, metadata: { name, labels }, spec };
}
