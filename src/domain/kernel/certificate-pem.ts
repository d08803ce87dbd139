/** PEM of certificates and nothing else: a private key that came along by mistake must not stand in an event. */
const certificates = /^(?:-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,16384}-----END CERTIFICATE-----\n){1,64}$/;

export function isCertificatePem(text: string): boolean {
  return certificates.test(text);
}
