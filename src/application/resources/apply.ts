import { SallyportError } from '../../domain/kernel/errors.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { type LoginId, streamId } from '../../domain/kernel/ids.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import type { EntitlementSpec } from '../../domain/policy/events.ts';
import type { TargetSpec } from '../../domain/target/events.ts';
import { type CommandContext, type CommandResult, runCommand } from '../commands/run-command.ts';
import { upToHead } from '../reading.ts';
import { type AppliedChange, changesShown } from './changes-shown.ts';
import { checkDocuments, type ResourceProblem } from './check.ts';
import { inResourceTurn, mustAdminister, newContext, type ResourceDeps, type ResourceViewer } from './deps.ts';
import { type Identity, nameKeyOf, newIdentities } from './identities.ts';
import { categoryOfKind } from './kinds.ts';
import { kindRules } from './kind-rules.ts';
import { factorLockout } from './factor-lockout.ts';
import { lockoutProblems } from './lockout.ts';
import { type PlannedChange, planResources } from './plan.ts';
import { providerProblems } from './provider-problems.ts';
import { prepareSecrets, type PreparedSecrets } from './secrets.ts';
import { readState } from './state.ts';

export type Applied =
  /** `changes` in the order of the documents. */
  | { readonly changes: readonly AppliedChange[]; readonly warnings: readonly string[] }
  /** Nothing took effect. */
  | { readonly problems: readonly ResourceProblem[] };

/**
 * Makes what stands as the text says (CONTRACT.md section 5). All documents are checked before the first takes effect;
 * then each is made by its own commands under one correlation id, and applying again finishes what was cut off.
 * Resolves once the views show it. `dryRun`: says all of it and does nothing. Errors: `denied`; `unavailable` (log, vault, views); `conflict` when something else
 * came between, code `apply-cut-short`.
 */
export async function applyResources(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  text: string,
  options: { readonly setSecrets: boolean; readonly dryRun?: boolean },
): Promise<Applied> {
  mustAdminister(viewer);
  const parsed = deps.yaml.parse(text);
  if (!parsed.ok) return { problems: [{ document: 1, ...parsed.problem }] };
  const checked = checkDocuments(parsed.documents);
  if (checked.problems.length > 0) return { problems: checked.problems };
  if (checked.documents.length === 0) return { problems: [nothing] };
  return inResourceTurn(deps, async () => {
    const state = await readState(deps);
    const secrets = await prepareSecrets(deps, state, checked.documents, checked.writeOnly, options.setSecrets);
    if (secrets.problems.length > 0) return { problems: secrets.problems };
    const identities = await newIdentities(deps, state, checked.documents);
    const plan = planResources(checked.documents, {
      ...state,
      nameKey: (kind, name) => nameKeyOf(deps, kind, name),
      newId: ({ document, kind }) =>
        identities.get(document)?.id ?? streamId(categoryOfKind[kind], deps.tools.ids.uuid()),
      secret: ({ document }) => secrets.planned.get(document) ?? null,
    });
    if (!plan.ok) return { problems: plan.problems };
    const lockout = [
      ...lockoutProblems(deps, checked.documents, plan.changes),
      ...(await factorLockout(deps, viewer, checked.documents, plan.changes)),
    ];
    if (lockout.length > 0) return { problems: lockout };
    const unfit = await providerProblems(deps, checked.documents, plan.changes);
    if (unfit.length > 0) return { problems: unfit };
    const changes = changesShown(plan.changes, checked, state);
    const warnings = [...secrets.warnings, ...plan.changes.flatMap(warningsOf)];
    if (options.dryRun === true) return { changes, warnings };
    const by: Asking = { context: newContext(deps, viewer), loginId: 'system' in viewer ? null : viewer.loginId };
    for (const change of plan.changes) await make(deps, by, change, secrets, identities.get(change.document));
    await upToHead(deps.tools.log, deps.views.directory, deps.views.targetCatalogue);
    return { changes, warnings };
  });
}

const nothing: ResourceProblem = { document: 1, line: 1, column: 1, message: 'the text holds no resource' };

interface Asking {
  readonly context: CommandContext;
  readonly loginId: LoginId | null;
}

/** Secret first, then the event that names it, then the end of the secret it supersedes. */
async function make(
  deps: ResourceDeps,
  { context, loginId }: Asking,
  change: PlannedChange,
  secrets: PreparedSecrets,
  identity: Identity | undefined,
): Promise<void> {
  if (change.outcome === 'unchanged') return;
  if (change.outcome === 'created') await reserve(deps, context, change, identity?.stale ?? null);
  if (change.secretId !== null) await secrets.seal(change.document);
  must(change, await kindRules[change.kind].act(deps.tools, change.id, context, change.spec, loginId));
  if (change.superseded !== null) await deps.vault.destroy(change.superseded);
}

async function reserve(
  deps: ResourceDeps,
  context: CommandContext,
  change: PlannedChange,
  stale: Identity['stale'],
): Promise<void> {
  const stream = streamId('name', change.nameKey);
  if (stale !== null) {
    must(
      change,
      await runCommand(deps.tools, nameDecider, stream, context, { type: 'release', holder: stale, reason: 'removed' }),
    );
  }
  const kind = categoryOfKind[change.kind];
  must(
    change,
    await runCommand(deps.tools, nameDecider, stream, context, { type: 'reserve', kind, holder: change.id }),
  );
}

function must({ kind, name }: PlannedChange, result: CommandResult<DomainEvent, string>): void {
  if (result.ok) return;
  throw new SallyportError(
    'conflict',
    'apply-cut-short',
    `${kind} ${JSON.stringify(name)}: ${result.rejection.message}. What came before it stands; apply again`,
  );
}

function warningsOf({ kind, name, spec }: PlannedChange): string[] {
  const who = `${kind} ${JSON.stringify(name)}`;
  if (kind === 'Entitlement' && (spec as EntitlementSpec).approval !== null) {
    return [`${who}: asks for approval, which this version cannot give; until it can, the entitlement opens nothing`];
  }
  if (kind === 'Target' && (spec as TargetSpec).trust === null) {
    const what = (spec as TargetSpec).protocol === 'ssh' ? ['host key', 'hostKeys'] : ['certificate', 'tls'];
    return [
      `${who}: has no trust, so nothing opens; confirm its ${what[0]}, as \`sallyport target scan\` shows it, in trust.${what[1]}`,
    ];
  }
  return [];
}
