import { admit } from '../../../src/application/admission/admit.ts';
import type { LiveSession, VerifiedPass } from '../../../src/application/admission/door.ts';
import type { PassId, UserId } from '../../../src/domain/kernel/ids.ts';
import { openNode } from './node-rig.ts';

/** The proxy's side of the race, in a process of its own: admits what it is told to, and tells what became of it. */
const [dataFolder] = process.argv.slice(2);
const node = await openNode(dataFolder ?? '', 'proxy');
const open = new Map<string, LiveSession>();

interface Order {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly times: number;
}

async function tryOnce(order: Order): Promise<boolean> {
  const pass = { passId: order.passId, userId: order.userId, userName: 'alice' } as VerifiedPass;
  let sessionId = '';
  const admission = await admit(
    node.admission,
    {
      pass,
      protocol: 'ssh',
      destination: { target: 'box', account: null },
      source: '127.0.0.1',
      client: null,
      reason: '',
    },
    (reason) => {
      open.delete(sessionId);
      process.send?.({ kind: 'cut', sessionId, reason });
    },
    () => undefined,
  );
  if (!admission.ok) return false;
  sessionId = admission.session.authorized.sessionId;
  open.set(sessionId, admission.session);
  return true;
}

process.on('message', (order: Order | 'end') => {
  if (order === 'end') {
    void node.close().then(() => process.disconnect());
    return;
  }
  void (async () => {
    const tries = Array.from({ length: order.times }, () => tryOnce(order));
    const results = await Promise.all(tries);
    process.send?.({
      kind: 'tried',
      passId: order.passId,
      admitted: results.filter(Boolean).length,
      open: open.size,
    });
  })();
});
process.send?.({ kind: 'ready' });
