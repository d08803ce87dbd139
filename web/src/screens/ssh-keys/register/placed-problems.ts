import type { ResourceDocument } from '../../admin/document/document.ts';
import { type DocumentError, placeErrors } from '../../admin/document/error-places.ts';

export type RegisterTab = 'information' | 'key' | 'devices' | 'review';

/** Something that stands against the registration, and where it is put right. */
export interface Problem {
  readonly tab: RegisterTab;
  /** Of the input: `field-name` is its id. */
  readonly field: string;
  /** Of the input, or what else it belongs to. */
  readonly label: string;
  readonly message: string;
}

type Place = Omit<Problem, 'message'>;

const places: Readonly<Record<string, Place>> = {
  'metadata.name': { tab: 'information', field: 'name', label: 'Key name' },
  'metadata.labels': { tab: 'information', field: 'tags', label: 'Tags' },
  'spec.status': { tab: 'information', field: 'status', label: 'Status' },
  'spec.owner': { tab: 'information', field: 'owner', label: 'SSH key owner' },
  'spec.username': { tab: 'key', field: 'username', label: 'Username' },
  'spec.privateKey': { tab: 'key', field: 'privateKey', label: 'Private key' },
  'spec.publicKey': { tab: 'key', field: 'publicKey', label: 'Public key' },
  'spec.passphrase': { tab: 'key', field: 'password', label: 'Password of the key' },
  'spec.generate': { tab: 'key', field: 'algorithm', label: 'Algorithm' },
  'spec.mainTarget': { tab: 'devices', field: 'mainDevice', label: 'Main device' },
  'spec.targets': { tab: 'devices', field: 'moreDevices', label: 'Devices' },
  // What belongs to no field of its own: neither a private key nor an algorithm is given.
  spec: { tab: 'key', field: 'privateKey', label: 'Private key' },
};

/** Errors of an apply by the input that they are put right in; those of accounts stand beside them in the review. */
export function placedProblems(
  errors: readonly DocumentError[],
  documents: readonly ResourceDocument[],
  at: (line: number) => number,
): readonly Problem[] {
  return errors.flatMap((error): Problem[] => {
    const document = error.line === null ? undefined : documents[at(error.line)];
    if (document !== undefined && document.kind !== 'SshKey') {
      return [
        { tab: 'review', field: '', label: `${document.kind} ${document.metadata.name}`, message: error.message },
      ];
    }
    const { byField, others } = placeErrors([error], Object.keys(places));
    return [
      ...[...byField].map(([path, message]) => problemAt(places[path], message)),
      ...others.map((message) => problemAt(undefined, message)),
    ];
  });
}

const nowhere: Place = { tab: 'review', field: '', label: 'Registration' };

function problemAt(place: Place | undefined, message: string): Problem {
  return { ...(place ?? nowhere), message: `${message}${place?.field === 'password' ? advice(message) : ''}` };
}

/** A password is the one that the file of the private key is encrypted with, which only ssh-keygen can change. */
function advice(message: string): string {
  if (!message.includes('is not encrypted')) return '';
  return '. Take “Set current password” away, or encrypt the file with it (ssh-keygen -p -f FILE) and paste it again';
}
