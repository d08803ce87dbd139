import type { FactorProviderSpec } from '../../domain/policy/events.ts';
import { tokenQuestion } from '../factors/fresh-factor.ts';
import { couldMeet } from '../factors/required-challenges.ts';
import type { CheckedDocument, ResourceProblem } from './check.ts';
import type { ResourceDeps, ResourceViewer } from './deps.ts';
import type { PlannedChange } from './plan.ts';
import { everyStanding } from './state.ts';

/** What is shown before any second factor. */
const firstFactors: readonly string[] = ['UP', 'IDP'];

/**
 * FactorProviders by which whoever applies them could not log in again, as they logged in now, are refused: often nobody
 * else could take them back either. Others may lack a factor; who administers can draw recovery codes for them.
 */
export async function factorLockout(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  documents: readonly CheckedDocument[],
  changes: readonly PlannedChange[],
): Promise<readonly ResourceProblem[]> {
  const declared = changes.filter(({ kind }) => kind === 'FactorProvider');
  const altered = declared.findLast(({ outcome }) => outcome !== 'unchanged');
  if (altered === undefined || 'system' in viewer) return [];
  const names = new Set(declared.map(({ name }) => name));
  const standing = [...everyStanding(deps, 'FactorProvider')].filter(({ name }) => !names.has(name));
  const providers = [...standing, ...declared].map(({ spec }) => spec as FactorProviderSpec);
  const login = await tokenQuestion(deps, viewer);
  const factors = login.factors.filter((name) => firstFactors.includes(name));
  const met = await couldMeet(deps, { ...login, moment: 'login', factors }, providers);
  if (met === true) return [];
  const document = documents.find((each) => each.document === altered.document);
  return document === undefined ? [] : [document.problem(['spec'], met === null ? unknown : lockedOut)];
}

const unknown = 'atLogin fails for you yourself, and you could not log in again; see that it holds for everybody';
const lockedOut =
  'you yourself could not log in again: a factor is asked for that you do not have; enrol one, or draw recovery codes, first';
