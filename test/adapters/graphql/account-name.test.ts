import { expect, onTestFinished, test } from 'vitest';
import { startTestGraphql, uuid } from './graphql-kit.ts';

test('an account is called by its login, however its resource is named', async () => {
  const graphql = await startTestGraphql();
  onTestFinished(() => graphql.close());
  const [account, target] = [`account-${uuid()}`, `target-${uuid()}`] as const;
  const place = { protocol: 'ssh', host: '192.0.2.9', port: 22, trust: null, disabled: false };
  await graphql.add(target, 'TargetDeclared', { name: 'web-1', labels: {}, ...place });
  const credential = { kind: 'ssh-key', sshKeyId: `sshkey-${uuid()}` };
  const spec = { targetId: target, username: 'root', credential, disabled: false };
  await graphql.add(account, 'AccountDeclared', { name: 'id_rsa@web-1', labels: {}, ...spec });
  const query = 'query($id: ID!) { node(id: $id) { ... on Account { name target { name } } } }';
  const answer = await graphql.run(query, 'spl_admin', { id: account });
  expect(answer.json).toEqual({ data: { node: { name: 'root', target: { name: 'web-1' } } } });
});
