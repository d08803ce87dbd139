import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { limitPerLogin } from '../../../src/adapters/http/limit-per-login.ts';
import { until } from '../../kit/until.ts';
import { logins } from './web-kit.ts';

test('an answer counts while it is open, and not when it ended before it was counted', async () => {
  const viewer = logins.get('spl_user')!;
  const inTurn = limitPerLogin();
  for (let place = 0; place < 100; place += 1) {
    const gone = new PassThrough().destroy();
    await until(() => gone.closed, { what: 'the end of a stream' });
    inTurn(viewer, gone);
  }
  const open = Array.from({ length: 64 }, () => new PassThrough());
  expect(open.map((each) => inTurn(viewer, each))).not.toContain(false);
  expect(inTurn(viewer, new PassThrough())).toBe(false);
  open[0]?.destroy();
  await until(() => inTurn(viewer, new PassThrough()), { what: 'a place that is free again' });
});
