import { auditEvents } from '../client/verbs/audit-events.ts';
import { factorAddTotp, factorList, factorRecoveryCodes, factorRemove } from '../client/verbs/factor.ts';
import { keyAdd, keyList, keyRevoke } from '../client/verbs/key.ts';
import { login, logout, status } from '../client/verbs/login.ts';
import { ls } from '../client/verbs/ls.ts';
import { recordingsExport, sessionsPlay } from '../client/verbs/recordings.ts';
import { apply, get, remove } from '../client/verbs/resources.ts';
import { sessionsKill, sessionsList, sessionsShow } from '../client/verbs/sessions.ts';
import { targetScan } from '../client/verbs/target-scan.ts';
import { tokenCreate, tokenList, tokenRevoke } from '../client/verbs/token.ts';
import { userResetLink } from '../client/verbs/user.ts';
import type { Verb } from '../client/verb.ts';
import { auditVerify } from './verb-audit-verify.ts';
import { doctor } from './verb-doctor.ts';
import { startVerb } from './verb-start.ts';

/** Every verb of the command line (CONTRACT section 2), in the order of the help text. */
export const verbs: readonly Verb[] = [
  startVerb,
  login,
  logout,
  status,
  ls,
  tokenCreate,
  tokenList,
  tokenRevoke,
  targetScan,
  keyAdd,
  keyList,
  keyRevoke,
  factorList,
  factorAddTotp,
  factorRecoveryCodes,
  factorRemove,
  sessionsList,
  sessionsShow,
  sessionsPlay,
  sessionsKill,
  recordingsExport,
  apply,
  get,
  remove,
  userResetLink,
  auditEvents,
  auditVerify,
  doctor,
];
