import { expect, test } from 'vitest';
import { clientNameOf } from '../../../src/proxies/kit/client-name.ts';

test.each([
  ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.2'],
  ['DBeaver\u001b]0;x\u0007', 'DBeaver ]0;x '],
  [`tool=spt_${'a1B2'.repeat(9)} here`, 'tool=spt_… here'],
  [`${'x'.repeat(240)}spt_${'a1B2'.repeat(9)}`, `${'x'.repeat(240)}spt_…`],
  ['spt_tool', 'spt_tool'],
  [`${'x'.repeat(254)}😀`, `${'x'.repeat(254)} `],
])('the client %j is %j in an event', (said, name) => {
  expect(clientNameOf(said)).toBe(name);
});
