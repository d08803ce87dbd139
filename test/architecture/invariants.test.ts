import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { admit } from '../../src/application/admission/admit.ts';
import type { VerifiedPass } from '../../src/application/admission/door.ts';
import { StreamWriter } from '../../src/application/commands/run-command.ts';
import type { EventLog } from '../../src/application/ports/event-log.ts';
import type { TargetTerminals } from '../../src/application/ports/target-terminal.ts';
import { applyResources } from '../../src/application/resources/apply.ts';
import { streamId } from '../../src/domain/kernel/ids.ts';
import { tokenDecider } from '../../src/domain/token/decider.ts';
import { type NodeRig, openNode, openToAll } from '../application/admission/node-rig.ts';
import { tempDir } from '../kit/temp-dir.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Invariant {
  readonly name: string;
  readonly held: readonly { readonly file: string; readonly link: string; readonly title: string }[];
}

/** `- **INV-NAME** sentence.` and under it `[file](file): \`title\`` lines. */
function invariants(text: string): Invariant[] {
  return text
    .split(/^- (?=\*\*INV-)/m)
    .slice(1)
    .map((part) => ({
      name: /^\*\*(INV-[A-Z-]+)\*\* .+\.$/m.exec(part)?.[1] ?? part,
      held: [...part.matchAll(/^ {2}\[([^\]]+)\]\(([^)]+)\): `([^`]+)`$/gm)].map(
        ([, file = '', link = '', title = '']) => ({ file, link, title }),
      ),
    }));
}

/** Whether a test, not a comment or a text, has this title or a template around it. */
function hasTest(code: string, title: string): boolean {
  const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?:\b(?:test|it)|[\])\w]\))\(\s*['"\x60][^'"\n]*${quoted}`).test(code);
}

const all = invariants(read('ARCHITECTURE.md').split('## Invariants')[1] ?? '');

const fileOf = (place: string): string => place.slice(0, place.indexOf(':'));

test('ARCHITECTURE.md names invariants, each once', () => {
  const names = all.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !/^INV-[A-Z-]+$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test.each(all.map((invariant) => [invariant.name, invariant] as const))(
  '%s is held by tests that exist',
  (_, { held }) => {
    expect(held.length).toBeGreaterThan(0);
    for (const { file, link, title } of held) {
      expect(link).toBe(file);
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(hasTest(read(file), title), `${file} has no test "${title}"`).toBe(true);
    }
  },
);

/** `file: line` for every line of src that matches. */
function places(pattern: RegExp): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
    .flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
}

test('INV-ONE-ROAD: target legs are opened at one call site, and only admission makes the permit', () => {
  const calls = places(/[\w)\]]\??\.connect\b/);
  const [road, ...others] = calls.filter((place) => !/\bclient\.connect\(\{$/.test(place));
  expect(road).toMatch(
    /^src\/application\/admission\/session-life\.ts: .*\.legs\[kind\]\.connect\(this\.authorized, wish\);$/,
  );
  expect(others).toEqual([]);
  // The other one is ssh2's own client, under the leg itself.
  expect(calls.map(fileOf)).toEqual([fileOf(road ?? ''), 'src/proxies/ssh/dial.ts']);
  // Nobody takes `connect` out of the port to call it by another name.
  expect(places(/\{[^}]*\bconnect\b[^}]*\}\s*=/)).toEqual([]);
  expect(places(/\bas AuthorizedSession\b/).map(fileOf)).toEqual(['src/application/admission/admit.ts']);
});

test('INV-LOG-FIRST: what admits and opens a session is stored before the target is connected', async () => {
  const node = await openNode(tempDir(), 'one');
  const stored: string[] = [];
  const terminals: TargetTerminals = {
    connect: async (session) => {
      for (const stream of [session.passId, session.sessionId]) {
        stored.push(...(await node.tools.log.readStream(stream)).map((event) => event.type));
      }
      throw new Error('far enough');
    },
  };
  const pass = await alicesPass(node);
  // A slow disk: whoever does not wait for it is found out.
  const log: EventLog = {
    ...node.tools.log,
    append: async (...args) => {
      await pause(30);
      return node.tools.log.append(...args);
    },
  };
  const deps = { ...node.admission, legs: { ...node.admission.legs, ssh: terminals }, tools: { ...node.tools, log } };
  const wish = {
    protocol: 'ssh',
    destination: { target: 'box', account: null },
    source: '127.0.0.1',
    client: null,
    reason: '',
  } as const;
  const admission = await admit(
    deps,
    { pass, ...wish },
    () => undefined,
    () => undefined,
  );
  expect(stored).toEqual([]);
  await expect(admission.ok ? admission.session.openTarget() : null).rejects.toThrow('far enough');
  expect(stored).toEqual(['TemporaryTokenIssued', 'SessionAdmitted', 'SessionOpened']);
  await node.close();
});

async function alicesPass(node: NodeRig): Promise<VerifiedPass> {
  const { tools, admission } = node;
  const applied = await applyResources(node.resources, { system: admission.node.nodeId }, openToAll, {
    setSecrets: true,
  });
  expect(applied).toHaveProperty('changes');
  const created = (await tools.log.readAll({ after: null, limit: 50 })).find(({ type }) => type === 'UserCreated');
  const userId = created?.stream as VerifiedPass['userId'];
  const passId = streamId('token', tools.ids.uuid());
  const token = { userId, loginId: streamId('login', tools.ids.uuid()), scope: { protocols: null, targetId: null } };
  const context = { actor: { kind: 'user', userId }, correlationId: tools.ids.uuid(), causationId: null } as const;
  await new StreamWriter(tools, tokenDecider, passId).run(context, (at) => ({
    type: 'issue',
    token,
    ttlMilliseconds: 60_000,
    at,
  }));
  return { passId, userId, userName: 'alice' } as VerifiedPass;
}
