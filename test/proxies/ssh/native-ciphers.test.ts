import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from '../../kit/process.ts';

const binding = join(
  import.meta.dirname,
  '../../../node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
);

// The headers of Node 24.19 to 24.21 make every collected cipher end the process when the collector runs outside of a
// context, as it does between two turns of a busy event loop (docs/decisions/0001).
it('is not built with headers whose wrapped objects end the process when they are collected', () => {
  // Without a compiler there is none, and nothing to be afraid of.
  const built = existsSync(binding) ? readFileSync(binding) : Buffer.alloc(0);
  expect(built.includes('RemoveEnvironmentCleanupHook')).toBe(false);
});

it('survives that thousands of ciphers are collected between turns of the event loop', async () => {
  const script = `
    const { AESGCMCipher } = ${existsSync(binding) ? `require(${JSON.stringify(binding)})` : '{ AESGCMCipher: class {} }'};
    let left = 300;
    const turn = () => {
      for (let n = 0; n < 50; n += 1) new AESGCMCipher('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
      const kept = [];
      for (let n = 0; n < 20; n += 1) kept.push(Buffer.allocUnsafeSlow(1 << 20));
      if ((left -= 1) > 0) setTimeout(turn, 0);
      else console.log('alive');
    };
    turn();
  `;
  const run = await runProcess(process.execPath, ['--max-semi-space-size=1', '-e', script]);
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe('alive\n');
});
