import { existsSync, readFileSync } from 'node:fs';
import { text as readText } from 'node:stream/consumers';
import { type Api, type Connection, everyNode, pageInfo } from '../api.ts';
import type { Context } from '../context.ts';
import { Refused } from '../errors.ts';
import { withFreshFactor } from '../fresh-factor.ts';
import { ownPublicKeys } from '../own-public-keys.ts';
import { type KeyChallenge, signByKey } from '../sign-by-key.ts';
import { shellWord } from '../../wire/connect-lines/shell-word.ts';
import { durationSeconds, positionals, textOption, type Verb } from '../verb.ts';
import { type PayloadErrors, refuseErrors } from './token.ts';

interface KeyNode {
  readonly id: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly comment: string;
  readonly expiresAt: string;
}

const fields = 'id fingerprint algorithm comment expiresAt';
/** More is no public key. */
const longestFile = 32 * 1024;

export const keyAdd: Verb = {
  name: 'key add',
  usage: '',
  summary: 'make my own public key a pass: ssh then asks for nothing',
  options: {
    file: { type: 'string', short: 'f', help: 'the .pub file, or - for standard input; default: the one in ~/.ssh' },
    ttl: { type: 'string', help: 'how long it is a pass, at most 8h (the default)' },
  },
  async run(context, given) {
    positionals(given);
    const ttl = textOption(given, 'ttl');
    const ttlSeconds = ttl === undefined ? {} : { ttlSeconds: durationSeconds(ttl, '--ttl') };
    const file = textOption(given, 'file') ?? onlyKey(context.environment.HOME);
    const publicKey = file === '-' ? await readText(process.stdin) : readKey(file);
    refusePrivate(publicKey, file);
    const api = await context.api();
    const challenge = await challengeFor(api, publicKey);
    const signature = signByKey(file === '-' ? { publicKey } : { file }, challenge);
    const payload = await withFreshFactor(api, async (fresh) => {
      const { registerPublicKey } = await api.graphql<{
        registerPublicKey: PayloadErrors & { key: (KeyNode & { readonly user: { readonly name: string } }) | null };
      }>(
        `mutation ($input: RegisterPublicKeyInput!) { registerPublicKey(input: $input) {
          key { ${fields} user { name } } errors { code message } } }`,
        { input: { publicKey, challenge: challenge.text, signature, ...ttlSeconds, ...fresh } },
      );
      return registerPublicKey;
    });
    refuseErrors(payload);
    if (payload.key === null) throw new Refused('the server registered no key; try again');
    const { user, ...key } = payload.key;
    context.one(key, [key.id]);
    context.note(`Your key ${key.fingerprint} is a pass until ${key.expiresAt}: ssh asks for nothing.`);
    context.note(`Now: ${sshLine(context, user.name, file)} (\`sallyport ls\` shows the targets)`);
  },
};

async function challengeFor(api: Api, publicKey: string): Promise<KeyChallenge> {
  const { challengePublicKey: payload } = await api.graphql<{
    challengePublicKey: PayloadErrors & { challenge: KeyChallenge | null };
  }>(
    `mutation ($input: ChallengePublicKeyInput!) { challengePublicKey(input: $input) {
      challenge { text namespace } errors { code message } } }`,
    { input: { publicKey } },
  );
  refuseErrors(payload);
  if (payload.challenge === null) throw new Refused('the server gave nothing to sign; try again');
  return payload.challenge;
}

/** The one public key that ssh offers by itself, or a no that lists them. */
function onlyKey(home: string | undefined): string {
  const found = home === undefined ? [] : ownPublicKeys(home);
  const [only, ...others] = found;
  if (only === undefined) {
    throw new Refused('there is no public key in ~/.ssh; make one, then add it again', [
      '`ssh-keygen -t ed25519` makes one; --file names one that is elsewhere, and `--file -` reads standard input',
    ]);
  }
  if (others.length > 0) {
    throw new Refused('there is more than one public key in ~/.ssh; name the one to add', [
      ...found.map((file) => `sallyport key add --file ${shellWord(file)}`),
    ]);
  }
  return only;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Refused(`cannot read ${file}; name the .pub file of your key, or - for standard input`);
  }
}

/** A private key never leaves this machine. */
function refusePrivate(publicKey: string, file: string): void {
  const beside = `${file}.pub`;
  if (/PRIVATE KEY|PuTTY-User-Key-File/.test(publicKey)) {
    const hint = existsSync(beside) ? `add ${beside} instead` : 'add the public one: `ssh-keygen -y -f FILE` prints it';
    throw new Refused(`this is a private key, which stays with you; nothing was sent: ${hint}`);
  }
  if (publicKey.length > longestFile)
    throw new Refused('this is too long for a public key; name the .pub file of your key');
}

function sshLine(context: Context, user: string, file: string): string {
  const identity = file.endsWith('.pub') ? `-i ${shellWord(file.slice(0, -'.pub'.length))} ` : '';
  const { host, port } = context.sshDoor();
  return `ssh ${identity}-p ${String(port)} ${shellWord(`${user}~TARGET@${host}`)}`;
}

export const keyList: Verb = {
  name: 'key list',
  usage: '',
  summary: 'my public keys that are live passes',
  options: {},
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const keys = everyNode<KeyNode>(async (after) => {
      const query = `query ($after: String) { viewer { keys(first: 100, after: $after) {
        edges { node { ${fields} } } ${pageInfo} } } }`;
      return (await api.graphql<{ viewer: { keys: Connection<KeyNode> } }>(query, { after })).viewer.keys;
    });
    const rows = [];
    for await (const key of keys) rows.push({ ...key });
    const columns = ['id', 'algorithm', 'fingerprint', 'comment', 'expiresAt'];
    context.list(rows, columns, 'No live key. `sallyport key add` makes your public key a pass.');
  },
};

export const keyRevoke: Verb = {
  name: 'key revoke',
  usage: 'ID',
  summary: 'a public key is no pass any more; its sessions end at once',
  options: {},
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const api = await context.api();
    const { revokeKey } = await api.graphql<{ revokeKey: PayloadErrors }>(
      'mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { id errors { code message } } }',
      { input: { id } },
    );
    refuseErrors(revokeKey);
    context.note(`Key ${String(id)} is no pass any more; its sessions end now.`);
  },
};
