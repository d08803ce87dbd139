import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { tempDir } from '../../kit/temp-dir.ts';

/** Each serves once on each server. */
export const codes = ['11112222', '33334444', '55556666', '77778888'];

/** sshd that asks through PAM: the password, then a code of Google Authenticator, of which the scratch codes are ours. */
export async function sshdWithCode(methods: string, asksPassword = true): Promise<Sshd> {
  const dir = tempDir();
  const service = `sallyport-test-${String(process.pid)}-${String(asksPassword)}`;
  const program = join(dir, service);
  symlinkSync('/usr/sbin/sshd', program);
  const secret = join(dir, 'secret');
  writeFileSync(secret, `JBSWY3DPEHPK3PXP\n" TOTP_AUTH\n${codes.join('\n')}\n`, { mode: 0o600 });
  const authenticator = `pam_google_authenticator.so secret=${secret} user=root`;
  // The code is asked for even when the password was wrong, as PAM is set up so often.
  const first = asksPassword ? ['auth required pam_unix.so'] : [];
  const stack = [...first, `auth required ${authenticator}`, 'account required pam_permit.so'];
  writeFileSync(`/etc/pam.d/${service}`, `${[...stack, 'session required pam_permit.so'].join('\n')}\n`);
  onTestFinished(() => rmSync(`/etc/pam.d/${service}`, { force: true }));
  const config = ['UsePAM yes', 'KbdInteractiveAuthentication yes', `AuthenticationMethods ${methods}`];
  const sshd = await launchSshd({ program, config });
  onTestFinished(async () => {
    await sshd.stop();
  });
  return sshd;
}
