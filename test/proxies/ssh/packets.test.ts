import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { allocPacket, type PacketCipher } from '../../../src/proxies/ssh/packets.ts';

const crypto = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js') as {
  readonly CIPHER_INFO: Readonly<Record<string, { readonly keyLen: number; readonly ivLen: number }>>;
  createCipher(config: unknown): PacketCipher;
};

function cipherOf(name: string): PacketCipher {
  const cipherInfo = crypto.CIPHER_INFO[name]!;
  const { keyLen, ivLen } = cipherInfo;
  const keys = { cipherKey: Buffer.alloc(keyLen), cipherIV: Buffer.alloc(ivLen), macKey: Buffer.alloc(32), seqno: 0 };
  const macInfo = { sslName: 'sha256', len: 32, actualLen: 32, isETM: true };
  const outbound = { ...keys, cipherInfo, macInfo, onWrite: () => {} };
  return crypto.createCipher({ outbound });
}

test.each(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes256-ctr'])(
  'packets for %s are laid out as ssh2 does, for every length',
  (name) => {
    const cipher = cipherOf(name);
    for (const length of [...Array(600).keys(), 8_150, 8_192, 32_781, 34_000]) {
      const ours = allocPacket(cipher, length);
      const theirs = cipher.allocPacket(length);
      expect([ours.length, ...ours.subarray(0, 5)], `payload of ${String(length)}`).toEqual([
        theirs.length,
        ...theirs.subarray(0, 5),
      ]);
    }
  },
);

test('packets that are alive at the same time share no byte, and padding does not come twice', () => {
  const cipher = cipherOf('aes128-gcm@openssh.com');
  const packets = Array.from({ length: 60 }, () => allocPacket(cipher, 32_000));
  for (const [index, packet] of packets.entries()) packet.fill(index, 5, 32_005);
  expect(packets.map((packet) => packet[16_000])).toEqual([...packets.keys()]);
  expect(packets.every((packet, index) => packet.subarray(5, 32_005).every((byte) => byte === index))).toBe(true);
  const padding = Array.from({ length: 3_000 }, () => allocPacket(cipher, 11).subarray(16, 36).toString('hex'));
  expect(new Set(padding.map((each) => each.slice(0, 8))).size).toBeGreaterThan(2_990);
});
