import { upToHead } from '../application/reading.ts';
import type {
  DirectoryProvider,
  IdentityProviders,
  ProviderSummary,
  RedirectProvider,
} from '../application/ports/identity-providers.ts';
import type { EventLog } from '../application/ports/event-log.ts';
import type { CatalogueRow, ReadModels } from '../application/ports/read-models.ts';
import type { IdentityProviderSpec } from '../domain/provider/events.ts';
import { sweepMetadata } from './kept-metadata.ts';
import { makeProvider, type ProviderParts, type MadeProvider } from './make-provider.ts';

export interface IdentityProvidersParts extends ProviderParts {
  readonly log: EventLog;
  readonly views: Pick<ReadModels, 'targetCatalogue'>;
}

/** What stands behind the IdentityProvider resources. `close` ends what is under way at them. */
export interface OpenIdentityProviders extends IdentityProviders {
  close(): Promise<void>;
}

interface Entry {
  readonly version: number;
  readonly made: Promise<MadeProvider>;
}

/** More than anybody declares; what goes beyond is not offered. */
const mostProviders = 200;

/**
 * The providers as they are declared now: each is made once for each version of its resource, and closed when that is
 * changed, disabled or withdrawn, which counts from the next call.
 */
export async function openIdentityProviders(parts: IdentityProvidersParts): Promise<OpenIdentityProviders> {
  await sweepMetadata(parts.vault, (id) => isThere(parts, id));
  const entries = new Map<string, Entry>();

  const enabled = async (): Promise<readonly CatalogueRow[]> => {
    await upToHead(parts.log, parts.views.targetCatalogue);
    const where = { kind: 'provider' as const, withdrawn: 0 };
    const rows = parts.views.targetCatalogue
      .find({ where, orderBy: 'name', limit: mostProviders })
      .filter((row) => !specOf(row).disabled);
    const standing = new Map(rows.map((row) => [row.id as string, row.version]));
    for (const [id, entry] of entries) {
      if (standing.get(id) === entry.version) continue;
      entries.delete(id);
      await closeIt(entry);
    }
    return rows;
  };

  const named = async (name: string): Promise<MadeProvider | null> => {
    const row = (await enabled()).find((each) => each.name === name);
    if (row === undefined) return null;
    const known = entries.get(row.id);
    if (known !== undefined) return await known.made;
    const entry: Entry = { version: row.version, made: makeProvider(parts, row.id, specOf(row)) };
    entries.set(row.id, entry);
    try {
      return await entry.made;
    } catch (error) {
      if (entries.get(row.id) === entry) entries.delete(row.id);
      throw error;
    }
  };

  return {
    list: async () =>
      (await enabled()).map((row): ProviderSummary => {
        const { name, connection, createUsers } = specOf(row);
        return { name, type: connection.type, createsUsers: createUsers };
      }),
    directory: async (name): Promise<DirectoryProvider | null> => (await named(name))?.directory ?? null,
    redirect: async (name): Promise<RedirectProvider | null> => (await named(name))?.redirect ?? null,
    serviceMetadata: async (name) => (await named(name))?.serviceMetadata ?? null,
    close: async () => {
      for (const entry of entries.values()) await closeIt(entry);
      entries.clear();
    },
  };
}

function isThere({ views }: IdentityProvidersParts, id: string): boolean {
  return views.targetCatalogue.get(id)?.withdrawn === 0;
}

function specOf(row: CatalogueRow): IdentityProviderSpec {
  return row.spec as unknown as IdentityProviderSpec;
}

async function closeIt(entry: Entry): Promise<void> {
  const made = await entry.made.catch(() => null);
  await made?.directory?.close();
}
