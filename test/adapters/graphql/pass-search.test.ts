import { expect, onTestFinished, test } from 'vitest';
import { startTestGraphql, uuid } from './graphql-kit.ts';

test('a search for passes of more people than are looked through is refused', { timeout: 60_000 }, async () => {
  const graphql = await startTestGraphql();
  onTestFinished(() => graphql.close());
  const add = async (name: string) =>
    graphql.add(`user-${uuid()}`, 'UserCreated', { name, nameKey: name, email: null });
  for (let n = 0; n < 1_000; n += 1) await add(`many-${String(n)}`);
  const code = async (list: string): Promise<unknown> =>
    (await graphql.run(`{ ${list}(filter: {search: "many"}) { edges { cursor } } }`, 'spl_auditor')).json.errors?.[0]
      ?.extensions.code;
  for (const list of ['tokens', 'keys']) expect(await code(list)).toBeUndefined();
  await add('many-1000');
  for (const list of ['tokens', 'keys']) expect(await code(list)).toBe('too-many-people');
});
