import { expect, test } from 'vitest';
import { targetLogin } from '../../../src/proxies/ssh/target-credential.ts';

test('a client certificate is no login at an SSH target, and stays in custody', async () => {
  const asked: string[] = [];
  const unused = async (): Promise<never> => {
    throw new Error('not used');
  };
  const vault = {
    open: async (id: string) => {
      asked.push(id);
      return Buffer.from('{}');
    },
    put: unused,
    destroy: unused,
    list: unused,
  };
  const credential = { kind: 'certificate', secretId: 'secret-1', certificate: '' } as const;
  const account = { id: 'account-1', username: 'root', credential } as const;
  const asker = {
    targetName: 'web-1',
    prompter: null,
    askMilliseconds: 1,
    asking: () => undefined,
    giveUp: () => undefined,
  };
  const login = targetLogin(account, vault, asker);
  await expect(login).rejects.toMatchObject({ code: 'target-login-failed' });
  expect(asked).toEqual([]);
});
