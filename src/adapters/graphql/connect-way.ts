import { SallyportError } from '../../domain/kernel/errors.ts';
import type { ReachEntry } from '../../application/ports/my-access.ts';
import { connectWays } from '../../wire/connect-lines/connect-ways.ts';
import type { ConnectWay } from '../../wire/connect-lines/way.ts';
import { builder } from './builder.ts';
import type { ConnectDoors } from './context.ts';

const ConnectWayKind = builder.enumType('ConnectWayKind', {
  values: {
    line: { description: 'To be pasted at a prompt.' },
    uri: { description: 'For a field of a program.' },
    file: { description: 'For the file `fileName`.' },
  },
});

export const ConnectWayRef = builder.objectRef<ConnectWay>('ConnectWay');
builder.objectType(ConnectWayRef, {
  description: 'The exact text that leads one client there. It holds no secret: the password is a temporary token.',
  authScopes: { self: true },
  fields: (t) => ({
    client: t.exposeString('client', {
      description:
        'ssh, scp, sftp, ssh-config, putty, plink; psql, uri, pg-service, jdbc, dbeaver; ca: the certificate to trust.',
    }),
    title: t.exposeString('title'),
    kind: t.field({ type: ConnectWayKind, resolve: ({ kind }) => kind }),
    text: t.exposeString('text'),
    fileName: t.exposeString('fileName', { nullable: true }),
    hint: t.exposeString('hint', { nullable: true, description: 'What else to know.' }),
  }),
});

/** Under this name a browser keeps the CA, when the person has not said where theirs is. */
export const usualCaFile = 'sallyport-ca.pem';
const longestPath = 1_024;

/** Errors: `invalid`, for a path that is none. */
export function waysTo(entry: ReachEntry, doors: ConnectDoors, caFile: string): readonly ConnectWay[] {
  if (caFile === '' || caFile.length > longestPath || /\p{C}/u.test(caFile)) {
    throw new SallyportError('invalid', 'bad-path', '`caFile` is the path of a file on the machine of the client.');
  }
  const port = doors.ports[entry.protocol] ?? null;
  if (port === null) return [];
  const ways = connectWays(entry, { host: doors.host, port }, doors.ca === null ? undefined : caFile);
  return entry.protocol === 'ssh' || doors.ca === null ? ways : [...ways, caWay(doors.ca, caFile)];
}

function caWay(pem: string, caFile: string): ConnectWay {
  const hint = `Save it as ${caFile}: that is where the lines look for it.`;
  return { client: 'ca', title: 'The CA certificate to trust', kind: 'file', text: pem, fileName: caFile, hint };
}
