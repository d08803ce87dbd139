import type { Metric } from '../adapters/http/metrics.ts';
import { IdentitySync, type SyncIdentitiesTools } from '../application/reactions/sync-identities.ts';
import { type Config, durationSetting } from './config.ts';

/** Directories are asked from now on, as often as the configuration says. */
export function startDirectorySync(deps: SyncIdentitiesTools, config: Config): IdentitySync {
  const sync = new IdentitySync(deps, durationSetting(config, 'sync.every'));
  sync.start();
  return sync;
}

export function syncMetric({ stalled }: IdentitySync): Metric {
  return {
    name: 'sallyport_directories_stalled',
    help: 'Directories that could not be asked for everybody in three rounds or more.',
    type: 'gauge',
    value: stalled,
  };
}
