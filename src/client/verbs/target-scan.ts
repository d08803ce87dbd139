import type { Context } from '../context.ts';
import { permitted, Refused } from '../errors.ts';
import { cell } from '../format.ts';
import { positionals, textOption, type Verb } from '../verb.ts';
import { type PayloadErrors, refuseErrors } from './token.ts';

interface ScannedKey {
  readonly line: string;
  readonly fingerprint: string;
  readonly authority: string | null;
  readonly authorityFingerprint: string | null;
  readonly problem: string | null;
  readonly trusted: boolean;
}

interface ScannedCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly names: string;
  readonly problem: string | null;
  readonly trusted: boolean;
}

interface Scan extends PayloadErrors {
  readonly keys: { readonly edges: readonly { readonly node: ScannedKey }[] };
  readonly certificate: ScannedCertificate | null;
  readonly error: string | null;
  readonly confirmed: readonly string[];
  readonly resource: unknown;
}

export const targetScan: Verb = {
  name: 'target scan',
  usage: 'TARGET',
  summary: 'ask a target for its host keys or its certificate, and confirm what you have compared',
  options: {
    confirm: {
      type: 'string',
      help: 'trust the key, or the CA, with these SHA256:… fingerprints (with commas), or the certificate with this one',
    },
  },
  async run(context, given) {
    const [target] = positionals(given, 'TARGET');
    const confirm = textOption(given, 'confirm')?.split(',') ?? [];
    const api = await context.api();
    const asked = api.graphql<{ scanTarget: Scan }>(
      `mutation ($input: ScanTargetInput!) { scanTarget(input: $input) {
        keys { edges { node { line fingerprint authority authorityFingerprint problem trusted } } }
        certificate { sha256 subject issuer validFrom validTo names problem trusted }
        error confirmed resource errors { code message } } }`,
      { input: { target, confirm } },
    );
    const { scanTarget: scan } = await permitted(asked, 'target scan needs the permission administer');
    refuseErrors(scan);
    const keys = scan.keys.edges.map(({ node }) => node);
    const { certificate } = scan;
    if (certificate === null) printKeys(context, keys);
    else printCertificate(context, certificate);
    if (scan.error !== null) throw new Refused(scan.error);
    if (scan.confirmed.length > 0) context.note(`Trusted from now on: ${scan.confirmed.join(', ')}`);
    else if (context.options.format === 'table' && [...keys, certificate].some((shown) => shown?.trusted === false)) {
      const scanning = `\`sallyport target scan ${String(target)} --confirm`;
      context.note(certificate === null ? compareKeys(scanning) : compareCertificate(scanning));
      context.note(context.toYaml(scan.resource).trimEnd());
    }
  },
};

function printKeys(context: Context, keys: readonly ScannedKey[]): void {
  if (context.options.format !== 'table') {
    printData(context, keys);
    return;
  }
  const rows = keys.map((key) => ({
    type: key.line.split(' ')[0] ?? '',
    fingerprint: key.fingerprint,
    'certified by': key.authorityFingerprint ?? '',
    trusted: key.trusted ? 'yes' : (key.problem ?? 'no'),
  }));
  context.list(rows, ['type', 'fingerprint', 'certified by', 'trusted'], 'Nothing was shown.');
}

function printCertificate(context: Context, certificate: ScannedCertificate): void {
  if (context.options.format !== 'table') {
    printData(context, [certificate]);
    return;
  }
  const lines = {
    'SHA-256': certificate.sha256,
    subject: certificate.subject,
    issuer: certificate.issuer,
    valid: `${certificate.validFrom} to ${certificate.validTo}`,
    names: certificate.names,
    trusted: certificate.trusted ? 'yes' : `no: ${certificate.problem ?? ''}`,
  };
  for (const [name, value] of Object.entries(lines)) context.line(`${name.padEnd(9)}${cell(value) || '-'}`);
}

function printData(context: Context, shown: readonly (ScannedKey | ScannedCertificate)[]): void {
  context.list(
    shown.map((each) => ({ ...each })),
    [],
    '',
  );
}

function compareKeys(scanning: string): string {
  return (
    'Compare these with the host itself (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there). Then confirm the\n' +
    `right ones with ${scanning} SHA256:…\`, or apply this:`
  );
}

function compareCertificate(scanning: string): string {
  return (
    'Compare the SHA-256 with the host itself (`openssl x509 -noout -fingerprint -sha256 -in FILE` there; PostgreSQL names\n' +
    `the file in ssl_cert_file). Then confirm it with ${scanning} SHA-256\`, or apply this:`
  );
}
