import { expect, it } from 'vitest';
import { tellSafely } from '../../../src/application/admission/tell-safely.ts';

it('a proxy that fails when it is told stops nobody, and is told its end once', () => {
  const errors: string[] = [];
  const processLog = { info: () => {}, warn: () => {}, error: (message: string) => errors.push(message) };
  const told: string[] = [];
  const proxy = tellSafely(processLog, {
    end: (reason) => {
      told.push(reason);
      throw new Error('broken');
    },
    notice: (message) => {
      told.push(message);
      throw new Error('broken');
    },
  });
  proxy.notice('a word');
  proxy.end('idle', 'it was idle');
  proxy.end('administrator', 'once more');
  expect(told).toEqual(['a word', 'idle']);
  expect(errors).toEqual([
    'a proxy failed when it was told a word for the person',
    'a proxy failed when it was told to end a session (idle)',
  ]);
});
