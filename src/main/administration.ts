import type { Administration } from '../application/ports/administration.ts';
import type { ResourceError } from '../application/ports/application-face.ts';
import { claimsOfPerson, explainAccess, type ExplainTools } from '../application/admission/explain-access.ts';
import { simulateCondition } from '../application/admission/simulate-condition.ts';
import { closeLoginsOf, type OthersLoginsTools } from '../application/authentication/others-logins.ts';
import { applyResources } from '../application/resources/apply.ts';
import type { ResourceProblem } from '../application/resources/check.ts';
import type { ExamineProvider } from '../application/ports/examine-provider.ts';
import { mustAdminister, type ResourceDeps } from '../application/resources/deps.ts';
import { kindNamed } from '../application/resources/kinds.ts';
import { findResource, listResources } from '../application/resources/list.ts';
import { testProvider } from '../application/system-access/test-provider.ts';
import { TestTurns } from '../application/system-access/test-turns.ts';
import { unknownKind } from './unknown-kind.ts';

export interface AdministrationParts {
  readonly resources: ResourceDeps;
  readonly logins: OthersLoginsTools;
  readonly asking: ExplainTools;
  readonly examine: ExamineProvider;
}

/** What administrators ask for beside the command line. */
export function administrationOf({ resources, logins, asking, examine }: AdministrationParts): Administration {
  const turns = new TestTurns(() => performance.now());
  return {
    listResources: async (viewer, kindName, wish) => {
      const kind = kindNamed(kindName);
      if (kind === undefined) return unknownKind(kindName);
      return { ok: true, resources: await listResources(resources, viewer, { ...wish, kind }) };
    },
    findResource: async (viewer, kindName, name) => {
      const kind = kindNamed(kindName);
      if (kind === undefined) return unknownKind(kindName);
      return { ok: true, resource: await findResource(resources, viewer, kind, name) };
    },
    simulateCondition: async (viewer, wish) => {
      mustAdminister(viewer);
      return simulateCondition(wish, await asking.tools.now(), asking.zone);
    },
    claimsOf: async (viewer, userId, protocol) => {
      mustAdminister(viewer);
      return claimsOfPerson(asking, userId, protocol);
    },
    explainAccess: async (viewer, wish) => {
      mustAdminister(viewer);
      return explainAccess(asking, wish);
    },
    testProvider: (viewer, text) => testProvider({ resources, examine, turns }, viewer, text),
    closeLoginsOf: (viewer, which) => closeLoginsOf(logins, viewer, which),
    changeResources: async (viewer, text, options) => {
      const applied = await applyResources(resources, viewer, text, options);
      if ('problems' in applied) return { ok: false, errors: applied.problems.map(problemError) };
      const changes = applied.changes.map(({ outcome, ...change }) => ({ ...change, change: outcome }));
      return { ok: true, changes, warnings: applied.warnings };
    },
  };
}

export function problemError({ message, line, column }: ResourceProblem): ResourceError {
  return { code: 'invalid-resource', message, line, column };
}
