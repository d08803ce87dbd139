import { expect } from 'vitest';
import { logIn } from '../../person.ts';
import { sshdResources } from '../../product.ts';
import { findAccess } from './person-access.ts';
import { askDatabase, connectByClient } from './person-clients.ts';
import { endOneLogin, enrolApp, replayOwn, signOut } from './person-security.ts';
import { workInTerminal } from './person-terminal.ts';
import { makeToken, tokenOfAnHour } from './person-token.ts';
import { complaintsOf, logInAs } from './visit.ts';
import type { World } from './world.ts';

/** What is left of the day of a person. */
export interface Left {
  /** A token that still lives in the evening. */
  readonly token: string;
  /** Id of the session in the terminal of the browser. */
  readonly session: string;
}

/** The day of ann, who works on `web-1` and `db-1`. */
export async function personDay(world: World): Promise<Left> {
  await somethingClosed(world);
  const ann = await logInAs(world, 'ann');
  await findAccess(ann);
  await connectByClient(ann);
  await askDatabase(ann);
  await tokenOfAnHour(ann);
  const session = await workInTerminal(ann);
  await replayOwn(ann);
  await endOneLogin(ann);
  const key = await enrolApp(ann);
  await signOut(ann, key);
  const token = await makeToken(ann, '480');
  expect(complaintsOf(ann)).toEqual([]);
  return { token, session };
}

/** What the administrators put there for ann besides: a target that is shut now. */
async function somethingClosed({ product, sshd }: World): Promise<void> {
  const shut = sshdResources(sshd, 'vault-1', ', conditions: [window]');
  const admin = await logIn(product);
  await admin.apply(`
apiVersion: sallyport/v1
kind: Condition
metadata: {name: window}
spec: {expression: 'claims.system.local.hour > 99', remedy: {kind: message, text: "only in the maintenance window"}}
---
${shut.replace('assign: "true"', `assign: 'claims.user.username == "ann"'`)}`);
}
