const line =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|ecdsa-sha2-nistp384|ecdsa-sha2-nistp521|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}$/;

/** True for an OpenSSH public key line (`ssh-ed25519 AAAA…`) without comment; the shape only, not the key itself. */
export function isSshPublicKeyLine(text: string): boolean {
  return text.length <= 8_192 && line.test(text);
}
