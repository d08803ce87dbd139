import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { SallyportError } from '../domain/kernel/errors.ts';
import {
  clientVariables,
  type ConfigKey,
  configKeys,
  environmentName,
  type SettingKind,
  settings,
} from './config-keys.ts';
import { nearest } from '../domain/kernel/nearest.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Settings by key, as text; read them by the typed functions below. */
export type Config = ReadonlyMap<ConfigKey, string>;

export interface ConfigSources {
  /** The parsed `config.yaml`, or null when there is none; `name` is how errors call it. */
  readonly file: { readonly name: string; readonly value: unknown } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Environment over file over defaults. Errors (kind `invalid`) name the key and the nearest known one. */
export function loadConfig(sources: ConfigSources): Config {
  const config = new Map<ConfigKey, string>();
  for (const key of configKeys) {
    const fallback = settings[key].default;
    if (fallback !== null) config.set(key, fallback);
  }
  if (sources.file !== null) readFileValues(sources.file.value, '', sources.file.name, config);
  readEnvironment(sources.environment, config);
  for (const [key, text] of config) check(key, text);
  return config;
}

function readFileValues(value: unknown, prefix: string, fileName: string, config: Map<ConfigKey, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('config-shape', `${fileName}: ${prefix === '' ? 'the file' : prefix} must be a map of settings`);
  }
  for (const [name, inner] of Object.entries(value)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (isConfigKey(key)) {
      config.set(key, scalarText(inner, key, fileName));
    } else if (configKeys.some((known) => known.startsWith(`${key}.`))) {
      readFileValues(inner, key, fileName, config);
    } else {
      throw invalid(
        'unknown-setting',
        `${fileName}: unknown setting ${key}; did you mean ${nearest(key, configKeys)}?`,
      );
    }
  }
}

function scalarText(value: unknown, key: string, fileName: string): string {
  if (Array.isArray(value)) return value.map((item) => scalarText(item, key, fileName)).join(',');
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid('config-shape', `${fileName}: ${key} must be text, a number or a list`);
}

function readEnvironment(environment: ConfigSources['environment'], config: Map<ConfigKey, string>): void {
  const byName = new Map(configKeys.map((key) => [environmentName(key), key]));
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('SALLYPORT_') || value === undefined || clientVariables.includes(name)) continue;
    const key = byName.get(name);
    const fileKey = name.endsWith('_FILE') ? byName.get(name.slice(0, -'_FILE'.length)) : undefined;
    if (key !== undefined) config.set(key, value);
    else if (fileKey !== undefined && settings[fileKey].kind === 'secret') config.set(fileKey, secretFile(name, value));
    else {
      const known = [...byName.keys(), ...clientVariables];
      throw invalid(
        'unknown-setting',
        `unknown variable ${name} in the environment; did you mean ${nearest(name, known)}?`,
      );
    }
  }
}

function secretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new SallyportError('invalid', 'secret-file', `${name}: cannot read ${path}; name a readable file`, {
      cause: error,
    });
  }
}

function check(key: ConfigKey, text: string): void {
  const kind: SettingKind = settings[key].kind;
  if (kind === 'address') parseAddress(key, text);
  if (kind === 'integer') integerOf(key, text);
  if (kind === 'duration') durationOf(key, text);
  if (kind === 'networks') networksOf(key, text);
  if (key === 'sync.every' && (durationOf(key, text) < 10_000 || durationOf(key, text) > 300_000)) {
    throw invalid('bad-duration', `sync.every: ${text} is not from 10s to 5m`);
  }
  if (kind === 'secret' && text === '')
    throw invalid('empty-secret', `${key} is set but empty; set it or leave it out`);
  if (key === 'zone' && !isZone(text))
    throw invalid('unknown-zone', `zone: ${text} is no time zone; take one like Europe/Berlin`);
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function parseAddress(key: string, text: string): Address | null {
  if (text === 'off') return null;
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65535) {
    throw invalid('bad-address', `${key}: ${text} is no address; write host:port, [v6]:port or off`);
  }
  return { host, port };
}

function integerOf(key: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid('bad-number', `${key}: ${text} is no whole number from 1 up`);
  return Number(text);
}

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

function durationOf(key: string, text: string): number {
  const match = /^([1-9]\d{0,5})([smh])$/.exec(text);
  if (match === null) throw invalid('bad-duration', `${key}: ${text} is no duration; write for example 30s, 5m or 8h`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

function networksOf(key: string, text: string): BlockList {
  const list = new BlockList();
  for (const item of itemsOf(text)) {
    const [address = '', prefix, ...more] = item.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (isIP(address) === 0 || more.length > 0 || !(length <= bits)) {
      throw invalid('bad-network', `${key}: ${item} is no network; write for example 192.0.2.1 or 2001:db8::/48`);
    }
    list.addSubnet(address, length, bits === 32 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(settings, key);
}

function invalid(code: string, message: string): SallyportError {
  return new SallyportError('invalid', code, message);
}

/** Null when switched off. */
export function addressSetting(config: Config, key: ConfigKey): Address | null {
  return parseAddress(key, config.get(key) ?? 'off');
}

export function integerSetting(config: Config, key: ConfigKey): number {
  return integerOf(key, config.get(key) ?? '');
}

/** Milliseconds. */
export function durationSetting(config: Config, key: ConfigKey): number {
  return durationOf(key, config.get(key) ?? '');
}

/** Whether an address is in one of the networks. */
export function networksSetting(config: Config, key: ConfigKey): (address: string) => boolean {
  const list = networksOf(key, config.get(key) ?? '');
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export function listSetting(config: Config, key: ConfigKey): readonly string[] {
  return itemsOf(config.get(key) ?? '');
}

function itemsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
