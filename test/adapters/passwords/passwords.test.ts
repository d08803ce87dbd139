import { expect, test } from 'vitest';
import { argon2Passwords } from '../../../src/adapters/passwords/argon2-passwords.ts';

test('argon2id in PHC form with a salt of its own; the right password opens, others do not', async () => {
  const passwords = argon2Passwords();
  const hash = await passwords.hash('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await passwords.hash('correct horse')).not.toBe(hash);
  expect(await passwords.verify(hash, 'correct horse')).toBe(true);
  for (const wrong of ['', 'Correct horse', 'correct horse ', 'correct horse\0', 'x'.repeat(100_000)]) {
    expect(await passwords.verify(hash, wrong)).toBe(false);
  }
});

test('a password is the same however its letters are composed', async () => {
  const passwords = argon2Passwords();
  const hash = await passwords.hash('pâssword-cafe\u0301');
  expect(await passwords.verify(hash, 'pâssword-café')).toBe(true);
});

test('empty and endless passwords are refused', async () => {
  const passwords = argon2Passwords();
  await expect(passwords.hash('')).rejects.toMatchObject({ kind: 'invalid', code: 'password-empty' });
  await expect(passwords.hash('x'.repeat(1025))).rejects.toMatchObject({ code: 'password-too-long' });
});

test('nobody, an empty password and a wrong one take the same work', async () => {
  const passwords = argon2Passwords(1);
  const hash = await passwords.hash('right');
  const time = async (work: () => Promise<boolean>): Promise<number> => {
    const samples: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const start = performance.now();
      expect(await work()).toBe(false);
      samples.push(performance.now() - start);
    }
    // The shortest is the work itself; what is longer waited for the machine.
    return Math.min(...samples);
  };
  const wrong = await time(async () => passwords.verify(hash, 'wrong'));
  for (const other of [
    await time(async () => passwords.verify(null, 'wrong')),
    await time(async () => passwords.verify(hash, '')),
  ]) {
    expect(other / wrong).toBeGreaterThan(0.5);
    expect(other / wrong).toBeLessThan(2);
  }
});

test('a damaged hash is an error, not a no', async () => {
  const passwords = argon2Passwords();
  await expect(passwords.verify('{SSHA}abc', 'x')).rejects.toMatchObject({
    kind: 'integrity',
    code: 'password-hash-damaged',
  });
});

test('a flood is refused beyond the queue, and those in the queue are served', async () => {
  const passwords = argon2Passwords(1, 3);
  const results = await Promise.allSettled(Array.from({ length: 10 }, async () => passwords.verify(null, 'x')));
  expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(4);
  for (const each of results) if (each.status === 'rejected') expect(each.reason).toMatchObject({ kind: 'limit' });
  expect(await passwords.verify(null, 'x')).toBe(false);
});
