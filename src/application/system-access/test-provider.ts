import { isStreamIdOf, streamId } from '../../domain/kernel/ids.ts';
import { identityProviderDecider } from '../../domain/provider/decider.ts';
import type { ProviderConnection } from '../../domain/provider/events.ts';
import { runCommand } from '../commands/run-command.ts';
import { type Finding, problem } from '../finding.ts';
import type { ProviderTest } from '../ports/administration.ts';
import type { ExamineProvider } from '../ports/examine-provider.ts';
import type { ResourceError } from '../ports/resource-document.ts';
import type { Refusal } from '../ports/viewer.ts';
import { mustAdminister, newContext, type ResourceDeps, type ResourceViewer } from '../resources/deps.ts';
import { within } from '../within.ts';
import { tells } from './tells.ts';
import type { TestTurns } from './test-turns.ts';
import { readTestedProvider, type TestedProvider } from './tested-provider.ts';

export interface TestProviderTools {
  readonly resources: ResourceDeps;
  readonly examine: ExamineProvider;
  readonly turns: TestTurns;
}

/** Less than an answer of the web may take. */
const longestMilliseconds = 25_000;

/**
 * The system's own access to a provider: asks it what stands against a login by the one IdentityProvider document of
 * `text`, which need not stand yet. Noted before anybody is asked; changes nothing else. No finding holds the secret.
 * Errors: `denied`; those of log and vault.
 */
export async function testProvider(
  { resources, examine, turns }: TestProviderTools,
  viewer: ResourceViewer,
  text: string,
): Promise<ProviderTest> {
  mustAdminister(viewer);
  const read = await readTestedProvider(resources, text);
  if (!read.ok) return read;
  const end = turns.take();
  if (end === null) return { ok: false, errors: [tooMany] };
  const over = new AbortController();
  try {
    const refusal = await note(resources, viewer, read);
    if (refusal !== null) return { ok: false, errors: [refusal] };
    let findings: readonly Finding[] = [late];
    await within(
      longestMilliseconds,
      ask(examine, read, over.signal).then((found) => {
        findings = found;
      }),
    );
    return { ok: true, findings };
  } finally {
    over.abort();
    end();
  }
}

async function ask(
  examine: ExamineProvider,
  { spec, secret }: TestedProvider,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const found = await examine(spec, secret, signal).catch((error: unknown) => [
    problem('provider', error instanceof Error ? error.message : String(error), 'look at its settings'),
  ]);
  return found.map((finding) =>
    secret !== null && tells(`${finding.message} ${finding.mend ?? ''}`, secret) ? hiding(finding) : finding,
  );
}

function hiding({ check, state, mend }: Finding): Finding {
  const message = 'the provider said back the secret that it was shown; its words are left out';
  return { check, state, message, mend: mend === null ? null : 'look at its log' };
}

async function note(deps: ResourceDeps, viewer: ResourceViewer, tested: TestedProvider): Promise<Refusal | null> {
  const { standingId, spec, whence } = tested;
  const stands = standingId !== null && isStreamIdOf('provider', standingId);
  const stream = stands ? standingId : streamId('provider', deps.tools.ids.uuid());
  const { name, connection } = spec;
  const asked = { name, kind: connection.type, addresses: addressesOf(connection), secret: whence };
  const command = { type: 'note-test', ...asked } as const;
  const result = await runCommand(deps.tools, identityProviderDecider, stream, newContext(deps, viewer), command);
  return result.ok ? null : result.rejection;
}

function addressesOf(connection: ProviderConnection): readonly string[] {
  if (connection.type === 'oidc') return [connection.issuer];
  if (connection.type === 'ldap') return connection.urls;
  return connection.metadata.startsWith('<') ? [] : [connection.metadata];
}

const late: Finding = problem(
  'time',
  `there was no whole answer within ${String(longestMilliseconds / 1_000)} s`,
  'look whether its addresses can be reached from this machine, and whether they are all needed',
);
const tooMany: ResourceError = {
  code: 'too-many-tests',
  message:
    'There are too many tests of providers: two at once and ten in a minute are the most. Try again in a minute.',
};
