import { beginWebauthn, checkFactor } from '../application/factors/check-factor.ts';
import { factorFaceOf } from '../application/factors/factor-face.ts';
import { AttemptNotes } from '../application/authentication/attempt-notes.ts';
import { loginFace } from '../application/authentication/login-face.ts';
import type { AuthenticationTools } from '../application/authentication/tools.ts';
import { providerNotice } from '../application/identities/provider-notice.ts';
import { challengePublicKey, registerPublicKey } from '../application/commands/keys.ts';
import type { LoginActivity } from '../application/commands/login-activity.ts';
import { logout, viewerOf } from '../application/commands/logins.ts';
import { refused, revokePass } from '../application/commands/passes.ts';
import { reach } from '../application/commands/reach.ts';
import type { CommandTools } from '../application/commands/run-command.ts';
import { endSession, readRecording, type SessionTools } from '../application/commands/sessions.ts';
import { issueTemporaryToken } from '../application/commands/tokens.ts';
import { freshChallenges } from '../application/factors/fresh-factor.ts';
import { requiredChallenges } from '../application/factors/required-challenges.ts';
import { recordingPlayer } from '../application/recordings/player.ts';
import type { Application } from '../application/ports/application-face.ts';
import type { ExamineProvider } from '../application/ports/examine-provider.ts';
import type { FactorProofs } from '../application/ports/factor-proofs.ts';
import type { PublicKeys } from '../application/ports/public-keys.ts';
import type { ReadModels } from '../application/ports/read-models.ts';
import { applyResources } from '../application/resources/apply.ts';
import { deleteResource } from '../application/resources/delete.ts';
import type { ResourceDeps } from '../application/resources/deps.ts';
import { getResources } from '../application/resources/get.ts';
import { kindNamed } from '../application/resources/kinds.ts';
import { scanTarget, type TargetScanners } from '../application/system-access/scan-target.ts';
import { visibleText } from '../domain/kernel/visible-text.ts';
import { administrationOf, problemError } from './administration.ts';
import type { Custody } from './custody.ts';
import { myAccessOf } from './my-access.ts';
import { unknownKind } from './unknown-kind.ts';

export interface ApplicationParts {
  readonly tools: CommandTools;
  readonly views: ReadModels;
  readonly activity: LoginActivity;
  readonly custody: Custody;
  readonly factorProofs: FactorProofs;
  readonly publicKeys: PublicKeys;
  readonly resources: ResourceDeps;
  readonly exportLines: SessionTools['exportLines'];
  readonly scanners: TargetScanners;
  readonly zone: string;
  readonly examine: ExamineProvider;
  readonly logins: Pick<AuthenticationTools, 'providers' | 'grants' | 'processLog' | 'brake'>;
}

/** The application as the HTTP faces see it. */
export function applicationOf(parts: ApplicationParts): Application {
  const { tools, views, activity, custody, factorProofs, resources, zone } = parts;
  const logins = { tools, views, ...custody, factorProofs };
  const asking = { tools, views, zone };
  const policy: Pick<AuthenticationTools, 'requiredChallenges' | 'freshChallenges'> = {
    requiredChallenges: (question) => requiredChallenges(asking, { ...question, moment: 'login' }),
    freshChallenges: (viewer) => freshChallenges(asking, viewer),
  };
  const factors: AuthenticationTools['factors'] = {
    check: (answer) => checkFactor(logins, answer),
    begin: (mechanism, person) => beginWebauthn(logins, mechanism, person),
  };
  const keys = { ...logins, zone, publicKeys: parts.publicKeys };
  const sessions: SessionTools = { tools, recordings: custody.recordings, exportLines: parts.exportLines };
  return {
    ...factorFaceOf(logins),
    ...loginFace({ ...logins, ...parts.logins, ...policy, factors, notes: new AttemptNotes() }, activity),
    viewerOf: (secret, isUse) => viewerOf(logins, activity, secret, isUse),
    providerNotice: (provider, token) => providerNotice({ ...logins, ...parts.logins }, provider, token),
    logout: (viewer) => logout(logins, activity, viewer),
    issueTemporaryToken: (viewer, wish) => issueTemporaryToken({ ...logins, zone }, viewer, wish),
    challengePublicKey: (viewer, publicKey) => challengePublicKey(keys, viewer, publicKey),
    registerPublicKey: (viewer, wish) => registerPublicKey(keys, viewer, wish),
    revokePass: (viewer, passId) => revokePass(logins, viewer, passId),
    endSession: (viewer, sessionId, message) => endSession(sessions, viewer, sessionId, message),
    applyResources: async (viewer, text, options) => {
      const applied = await applyResources(resources, viewer, text, options);
      if ('problems' in applied) return { ok: false, errors: applied.problems.map(problemError) };
      const results = applied.changes.map(({ kind, name, outcome }) => ({ kind, name, change: outcome }));
      return { ok: true, results, warnings: applied.warnings };
    },
    getResources: async (viewer, kindName, name) => {
      const kind = kindNamed(kindName);
      if (kind === undefined) return unknownKind(kindName);
      const documents = await getResources(resources, viewer, kind, name ?? undefined);
      if (name !== null && documents.length === 0)
        return refused('absent', `there is no ${kind} "${visibleText(name)}"`);
      return { ok: true, resources: documents };
    },
    deleteResource: async (viewer, kindName, name) => {
      const kind = kindNamed(kindName);
      if (kind === undefined) return unknownKind(kindName);
      const deleted = await deleteResource(resources, viewer, kind, name);
      if (!deleted.ok) return refused(deleted.code, deleted.message);
      return { ok: true, results: [{ kind: deleted.kind, name: deleted.name, change: 'deleted' }] };
    },
    scanTarget: (viewer, target, confirm) =>
      scanTarget({ resources, scanners: parts.scanners }, viewer, target, confirm),
    readRecording: (viewer, sessionId, manner, format, signal, from) =>
      readRecording(sessions, viewer, sessionId, manner, format, signal, from),
    player: recordingPlayer({ tools, replays: custody.replays }),
    reach: (viewer) => reach(asking, viewer),
    ...administrationOf({ resources, logins: { tools, views, activity }, asking, examine: parts.examine }),
    ...myAccessOf(asking),
    views,
    log: tools.log,
  };
}
