import { addressSetting, type Config } from './config.ts';

/** Ports of our own, which nothing that an administrator names may lead to (security rule W5). */
export function ownPorts(config: Config): readonly number[] {
  const keys = ['listen.web', 'listen.ssh', 'listen.postgres', 'listen.diagnostics'] as const;
  return keys.flatMap((key) => addressSetting(config, key)?.port ?? []);
}
