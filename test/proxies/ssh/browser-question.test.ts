import { expect, test } from 'vitest';
import { BrowserQuestions } from '../../../src/proxies/ssh/browser-question.ts';
import { until } from '../../kit/until.ts';

/** Logins that begin when the test says so; `live` are those nobody has ended. */
function gatedLogins() {
  const live = new Set<number>();
  const gates: (() => void)[] = [];
  let last = 0;
  const begin = async () => {
    const number = (last += 1);
    await new Promise<void>((resolve) => gates.push(resolve));
    live.add(number);
    return {
      page: `page ${String(number)}`,
      poll: async () => 'waiting' as const,
      end: async () => void live.delete(number),
    };
  };
  /** Once so many have begun. */
  const open = async (begun: number): Promise<void> => {
    await until(() => gates.length === begun, { what: 'the logins that begin' });
    gates.splice(0).forEach((go) => go());
  };
  return { live, begin, open };
}

test('of two answers that a client sends at once one login waits, and none once the connection is over', async () => {
  const { live, begin, open } = gatedLogins();
  const questions = new BrowserQuestions(begin, '192.0.2.7', 'OpenSSH');
  const both = [questions.first('ann~box'), questions.first('ann~box')];
  await open(2);
  await Promise.all(both);
  expect(live.size).toBe(1);
  questions.end();
  expect(live.size).toBe(0);
});

test('an answer while another login begins leaves one', async () => {
  const { live, begin, open } = gatedLogins();
  const questions = new BrowserQuestions(begin, '192.0.2.7', 'OpenSSH');
  const first = questions.first('ann~box');
  await open(1);
  const second = questions.first('ann~box');
  await first;
  await open(1);
  await second;
  expect(live.size).toBe(1);
  questions.end();
  expect(live.size).toBe(0);
});
