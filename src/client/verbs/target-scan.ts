import { permitted, Refused } from '../errors.ts';
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

interface Scan extends PayloadErrors {
  readonly keys: { readonly edges: readonly { readonly node: ScannedKey }[] };
  readonly error: string | null;
  readonly confirmed: readonly string[];
  readonly resource: unknown;
}

export const targetScan: Verb = {
  name: 'target scan',
  usage: 'TARGET',
  summary: 'ask a target for its host keys, and confirm those that you have compared',
  options: {
    confirm: { type: 'string', help: 'trust the key, or the CA, with these SHA256:… fingerprints (with commas)' },
  },
  async run(context, given) {
    const [target] = positionals(given, 'TARGET');
    const confirm = textOption(given, 'confirm')?.split(',') ?? [];
    const api = await context.api();
    const asked = api.graphql<{ scanTarget: Scan }>(
      `mutation ($input: ScanTargetInput!) { scanTarget(input: $input) {
        keys { edges { node { line fingerprint authority authorityFingerprint problem trusted } } }
        error confirmed resource errors { code message } } }`,
      { input: { target, confirm } },
    );
    const { scanTarget: scan } = await permitted(asked, 'target scan needs the permission administer');
    refuseErrors(scan);
    const { format } = context.options;
    const keys = scan.keys.edges.map(({ node }) => node);
    if (format === 'table') {
      const rows = keys.map((key) => ({
        type: key.line.split(' ')[0] ?? '',
        fingerprint: key.fingerprint,
        'certified by': key.authorityFingerprint ?? '',
        trusted: key.trusted ? 'yes' : (key.problem ?? 'no'),
      }));
      context.list(rows, ['type', 'fingerprint', 'certified by', 'trusted'], 'No host key.');
    } else {
      context.list(
        keys.map((key) => ({ ...key })),
        [],
        '',
      );
    }
    if (scan.error !== null) throw new Refused(scan.error);
    if (scan.confirmed.length > 0) context.note(`Trusted from now on: ${scan.confirmed.join(', ')}`);
    else if (format === 'table' && keys.some((key) => !key.trusted)) {
      context.note(
        'Compare these with the host itself (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there). Then confirm the\n' +
          `right ones with \`sallyport target scan ${String(target)} --confirm SHA256:…\`, or apply this:`,
      );
      context.note(context.toYaml(scan.resource).trimEnd());
    }
  },
};
