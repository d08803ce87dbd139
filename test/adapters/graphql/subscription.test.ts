import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logins } from '../http/web-kit.ts';
import { until } from '../../kit/until.ts';
import { startTestGraphql, type TestGraphql, uuid } from './graphql-kit.ts';

let graphql: TestGraphql;
beforeAll(async () => {
  graphql = await startTestGraphql();
});
afterAll(async () => graphql.close());

interface Follower {
  readonly positions: string[];
  readonly ended: () => boolean;
  readonly response: IncomingMessage;
}

async function follow(after: string | null, as = 'spl_auditor', filter?: unknown): Promise<Follower> {
  const query =
    'subscription($after: String, $filter: EventSubscriptionFilter) { events(after: $after, filter: $filter) { position type data } }';
  const response = await graphql.web.open('/graphql', {
    method: 'POST',
    as,
    body: JSON.stringify({ query, variables: { after, filter } }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  expect(response.headers['content-type']).toContain('text/event-stream');
  const positions: string[] = [];
  let ended = false;
  response.on('close', () => (ended = true));
  response.on('error', () => {});
  createInterface({ input: response })
    .on('line', (line) => {
      if (!line.startsWith('data: {')) return;
      const { data } = JSON.parse(line.slice(6)) as { data?: { events?: { position: string } } };
      if (data?.events !== undefined) positions.push(data.events.position);
    })
    .on('error', () => {});
  return { positions, ended: () => ended, response };
}

const addOne = async (): Promise<void> => {
  await graphql.add(`node-${uuid()}`, 'NodeStarted', { bootId: uuid(), version: '0.1.0' });
};

test('from the beginning, then as they come; resumed by the last position there is no gap and no repeat', async () => {
  for (let n = 0; n < 700; n += 1) await addOne();
  const first = await follow(null);
  await until(() => first.positions.length >= 700, { what: '700 events' });
  await addOne();
  await until(() => first.positions.length === 701, { what: 'a live event' });
  first.response.destroy();
  for (let n = 0; n < 50; n += 1) await addOne();
  const second = await follow(first.positions.at(-1) ?? null);
  const writing = (async () => {
    for (let n = 0; n < 50; n += 1) await addOne();
  })();
  await until(() => second.positions.length === 100, { what: 'the missed and the new events' });
  await writing;
  second.response.destroy();
  const all = (await graphql.log.readAll({ after: null, limit: 10_000 })).map(({ position }) => position);
  expect([...first.positions, ...second.positions]).toEqual(all);
});

test('only the types that were asked for', async () => {
  const head = await graphql.log.head();
  const follower = await follow(head, 'spl_auditor', { types: ['NodeStopped'] });
  await addOne();
  await graphql.add(`node-${uuid()}`, 'NodeStopped', { bootId: uuid() });
  await until(() => follower.positions.length === 1, { what: 'the one event' });
  expect(follower.positions[0]).toBe(await graphql.log.head());
  follower.response.destroy();
});

test('ends with the login, before another event is shown', async () => {
  const auditor = logins.get('spl_auditor')!;
  logins.set('spl_leaving', auditor);
  const follower = await follow(await graphql.log.head(), 'spl_leaving');
  await addOne();
  await until(() => follower.positions.length === 1, { what: 'the first event' });
  logins.delete('spl_leaving');
  await addOne();
  await until(() => follower.ended(), { what: 'the stream to end' });
  expect(follower.positions.length).toBe(1);
});

test('is for auditors only, and says what is no position', async () => {
  const body = (query: string): string => JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const denied = await graphql.web.ask('/graphql', {
    method: 'POST',
    as: 'spl_user',
    headers,
    body: body('subscription { events { id } }'),
  });
  expect(denied.body).toContain('denied');
  expect(denied.body).not.toContain('"position"');
  const wrong = await graphql.web.ask('/graphql', {
    method: 'POST',
    as: 'spl_auditor',
    headers,
    body: body('subscription { events(after: "x") { id } }'),
  });
  expect(wrong.body).toContain('bad-cursor');
});
