import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';

const root = join(import.meta.dirname, '../..');
const config = '.dependency-cruiser.cjs';

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

async function cruise(cwd: string, ...folders: string[]): Promise<Cruise> {
  const args = ['--config', config, '--output-type', 'json', ...folders];
  const { stdout, stderr } = await runProcess(join(root, 'node_modules/.bin/depcruise'), args, { cwd });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Cruise;
}

/** One wrong import per rule: who imports, what, and the rule that has to say no. */
const WRONG: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src/domain/kernel/k.ts', 'src/domain/user/events.ts', 'kernel-imports-nothing'],
  ['src/domain/user/u.ts', 'src/domain/token/events.ts', 'aggregates-meet-through-events'],
  ['src/domain/user/v.ts', 'src/application/ports/log.ts', 'aggregates-meet-through-events'],
  ['src/application/a.ts', 'src/adapters/sqlite/s.ts', 'application-knows-the-domain'],
  ['src/application/b.ts', 'src/projections/kit/kit.ts', 'application-knows-the-domain'],
  ['src/application/c.ts', 'test/kit/t.ts', 'application-knows-the-domain'],
  ['src/projections/directory/p.ts', 'src/projections/audit-trail/p.ts', 'projections-read-events'],
  ['src/projections/directory/q.ts', 'src/domain/user/decider.ts', 'projections-read-events'],
  ['src/projections/directory/r.ts', 'src/application/commands/c.ts', 'projections-read-events'],
  ['src/adapters/sqlite/a.ts', 'src/adapters/http/h.ts', 'adapters-do-not-meet'],
  ['src/adapters/sqlite/b.ts', 'src/proxies/ssh/p.ts', 'adapters-do-not-meet'],
  ['src/adapters/sqlite/c.ts', 'src/projections/kit/kit.ts', 'adapters-do-not-meet'],
  ['src/proxies/ssh/a.ts', 'src/proxies/rdp/p.ts', 'proxies-do-not-meet'],
  ['src/proxies/ssh/b.ts', 'src/adapters/sqlite/s.ts', 'proxies-do-not-meet'],
  ['src/proxies/kit/c.ts', 'src/proxies/ssh/p.ts', 'proxies-do-not-meet'],
  ['src/wire/jwt/a.ts', 'src/wire/x509/x.ts', 'wire-is-a-leaf'],
  ['src/wire/b.ts', 'src/domain/kernel/ids.ts', 'wire-files-are-leaves'],
  ['src/client/a.ts', 'src/application/ports/log.ts', 'client-stands-alone'],
  ['src/client/b.ts', 'src/domain/user/events.ts', 'client-stands-alone'],
  ['src/main/a.ts', 'test/kit/t.ts', 'source-imports-source'],
  ['web/a.ts', 'src/domain/kernel/ids.ts', 'web-knows-generated-types'],
  ['web/b.ts', 'jose', 'web-clients-are-listed'],
  ['src/domain/user/w.ts', 'node:fs', 'pure-without-builtins'],
  ['src/projections/kit/w.ts', 'node:crypto', 'pure-without-builtins'],
  ['src/main/m1.ts', 'better-sqlite3', 'only-src-adapters-sqlite-imports-better-sqlite3'],
  ['src/main/m2.ts', 'ssh2', 'only-src-proxies-ssh-imports-ssh2'],
  ['src/main/m3.ts', 'fastify', 'only-src-adapters-http-imports-fastify'],
  ['src/main/m23.ts', 'ws', 'only-src-adapters-http-imports-ws'],
  ['src/main/m4.ts', 'graphql', 'only-src-adapters-graphql-imports-graphql'],
  ['src/main/m5.ts', 'graphql-yoga', 'only-src-adapters-graphql-imports-graphql-yoga'],
  ['src/main/m6.ts', '@pothos/core', 'only-src-adapters-graphql-imports-@pothos'],
  ['src/main/m7.ts', '@node-rs/argon2', 'only-src-adapters-passwords-imports-@node-rs/argon2'],
  ['src/main/m8.ts', '@marcbachmann/cel-js', 'only-src-domain-policy-imports-@marcbachmann/cel-js'],
  ['src/main/m9.ts', 'yaml', 'only-src-adapters-yaml-imports-yaml'],
  ['src/main/m10.ts', 'zod', 'only-src-application-resources-imports-zod'],
  ['src/main/m11.ts', 'node-forge', 'only-src-adapters-certificates-imports-node-forge'],
  ['src/main/m12.ts', 'libpg-query', 'only-src-adapters-postgres-parser-imports-libpg-query'],
  ['src/main/saml.ts', '@node-saml/node-saml', 'only-src-adapters-saml-imports-@node-saml/node-saml'],
  ['src/main/m21.ts', '@xterm/headless', 'only-src-adapters-recordings-imports-@xterm/headless'],
  ['src/main/m22.ts', '@xterm/addon-unicode11', 'only-src-adapters-recordings-imports-@xterm/addon-unicode11'],
  ['src/main/m15.ts', '@electric-sql/pglite', 'only-src-proxies-postgres-demo-imports-@electric-sql/pglite'],
  ['src/main/m16.ts', 'openid-client', 'only-src-adapters-oidc-imports-openid-client'],
  ['src/main/m19.ts', 'jose', 'only-src-adapters-oidc-imports-jose'],
  ['src/main/m17.ts', 'ldapts', 'only-src-adapters-ldap-imports-ldapts'],
  ['src/main/m18.ts', '@simplewebauthn/server', 'only-src-adapters-factors-imports-@simplewebauthn/server'],
  ['src/main/m20.ts', 'qr', 'only-src-adapters-login-pages-imports-qr'],
  ['src/main/m14.ts', 'typescript', 'clients-have-owners'],
  [
    'src/main/m13.ts',
    '@graphql-yoga/render-graphiql',
    'only-src-adapters-graphql-imports-@graphql-yoga/render-graphiql',
  ],
  ['src/domain/token/n.ts', './nowhere.ts', 'no-dead-ends'],
  ['src/main/circle.ts', 'src/main/circle.ts', 'no-circles'],
];

/** What the table of directions allows, so that no rule is tripped by a rule that forbids everything. */
const RIGHT: readonly (readonly [from: string, to: string])[] = [
  ['src/domain/user/ok.ts', 'src/domain/kernel/ids.ts'],
  ['src/domain/policy/ok.ts', '@marcbachmann/cel-js'],
  ['src/application/ok.ts', 'src/domain/user/events.ts'],
  ['src/application/resources/ok.ts', 'zod'],
  ['src/projections/directory/ok1.ts', 'src/domain/user/events.ts'],
  ['src/projections/directory/ok2.ts', 'src/domain/policy/evaluate.ts'],
  ['src/projections/directory/ok3.ts', 'src/application/ports/log.ts'],
  ['src/projections/directory/ok4.ts', 'src/projections/kit/kit.ts'],
  ['src/adapters/sqlite/ok1.ts', 'better-sqlite3'],
  ['src/adapters/sqlite/ok2.ts', 'src/application/ports/log.ts'],
  ['src/adapters/sqlite/ok3.ts', 'src/wire/x509/x.ts'],
  ['src/adapters/sqlite/ok4.ts', 'node:fs'],
  ['src/proxies/ssh/ok1.ts', 'ssh2'],
  ['src/proxies/ssh/ok2.ts', 'src/proxies/kit/k.ts'],
  ['src/client/ok.ts', 'src/domain/policy/evaluate.ts'],
  ['src/main/ok1.ts', 'src/adapters/sqlite/s.ts'],
  ['src/main/ok2.ts', 'src/proxies/ssh/p.ts'],
];

function plant(folder: string, from: string, to: string): void {
  const ours = /^(src|test|web)\//.test(to);
  const specifier = ours ? `${'../'.repeat(from.split('/').length - 1)}${to}` : to;
  // An import of a type: it has to count like any other.
  write(folder, from, `import type * as it from '${specifier}';\nexport type It = typeof it;\n`);
  if (ours && to !== from) write(folder, to, 'export const here = 1;\n');
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function emptyProject(): string {
  const folder = tempDir();
  for (const file of [config, 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['src', 'test', 'web']) mkdirSync(join(folder, name));
  return folder;
}

test('each wrong import is reported by its rule and by no other', async () => {
  const folder = emptyProject();
  for (const [from, to] of WRONG) plant(folder, from, to);
  const { summary } = await cruise(folder, 'src', 'test', 'web');

  const found = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`).sort();
  expect(found).toEqual(WRONG.map(([from, , rule]) => `${from} ${rule}`).sort());
  const rules = summary.ruleSetUsed.forbidden.map(({ name }) => name).sort();
  expect([...new Set(WRONG.map(([, , rule]) => rule))].sort()).toEqual(rules);
}, 60_000);

test('what the directions allow is reported by no rule', async () => {
  const folder = emptyProject();
  for (const [from, to] of RIGHT) plant(folder, from, to);
  const { modules, summary } = await cruise(folder, 'src', 'test', 'web');
  expect(summary.violations).toEqual([]);
  expect(modules.flatMap(({ dependencies }) => dependencies)).toHaveLength(RIGHT.length);
}, 60_000);

test('the source keeps to the directions, and the rules have seen it', async () => {
  const { modules, summary } = await cruise(root, 'src');
  expect(summary.violations).toEqual([]);
  const ours = modules.filter(({ source }) => source.startsWith('src/'));
  // A checker that can't read TypeScript finds no imports and is content: it must have seen the source.
  expect(ours.length).toBeGreaterThan(25);
  expect(ours.flatMap(({ dependencies }) => dependencies).length).toBeGreaterThan(ours.length);
}, 60_000);
