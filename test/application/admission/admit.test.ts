import { describe, expect, it } from 'vitest';
import type { LiveSession } from '../../../src/application/admission/door.ts';
import type { TargetTerminal } from '../../../src/application/ports/target-terminal.ts';
import { streamId, type TokenId } from '../../../src/domain/kernel/ids.ts';
import type { SessionRefused } from '../../../src/domain/session/events.ts';
import { until } from '../../kit/until.ts';
import { ask, down, type House, instead, openHouse } from '../kit/house.ts';
import { withTerminals } from './node-rig.ts';

async function refusals(house: House): Promise<readonly SessionRefused['data'][]> {
  return (await house.events('SessionRefused')).map((event) => event.data as SessionRefused['data']);
}

async function opened(asked: ReturnType<typeof ask>): Promise<LiveSession> {
  const admission = await asked.admission;
  if (!admission.ok) throw new Error(admission.message);
  return admission.session;
}

const absent =
  'access to box was refused: it does not exist or you may not reach it; `sallyport ls` shows what you may';

describe('an admission', () => {
  it('is one event on the pass, then the opening of the session', async () => {
    const house = await openHouse();
    const tokenId = await house.token();
    const session = await opened(ask(house, tokenId));
    expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued', 'SessionAdmitted']);
    expect(await house.types(session.authorized.sessionId)).toEqual(['SessionOpened']);
    await session.end('closed-by-client');
    expect(await house.types(session.authorized.sessionId)).toEqual([
      'SessionOpened',
      'RecordingChunkSealed',
      'SessionEnded',
    ]);
  });

  it('ends with the pass, or sooner by the entitlement', async () => {
    const house = await openHouse();
    const long = await opened(ask(house, await house.token({}, 60_000)));
    expect(long.authorized.endsBecause).toBe('pass-expired');
    await house.apply(
      'apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, maxSession: 5s}',
    );
    const short = await opened(ask(house, await house.token({}, 60_000)));
    expect(short.authorized.endsBecause).toBe('max-session');
    expect(Date.parse(short.authorized.endsAt) - Date.parse(short.authorized.admittedAt)).toBe(5_000);
  });
});

describe('a refusal is an event with its reason, nothing is admitted', () => {
  const entitlement = (rest: string): string =>
    `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}${rest}}`;
  interface Case {
    readonly name: string;
    readonly before?: (house: House) => Promise<void>;
    readonly token?: (house: House) => Promise<TokenId>;
    readonly over?: Parameters<typeof ask>[2];
    readonly reason: SessionRefused['data']['reason'];
    readonly message: string | RegExp;
  }
  const cases: readonly Case[] = [
    {
      name: 'no target named',
      over: { destination: { target: null, account: null } },
      reason: 'no-target-named',
      message: /alice~TARGET/,
    },
    {
      name: 'an unknown target',
      over: { destination: { target: 'nowhere', account: null } },
      reason: 'not-allowed',
      message: absent.replace('box', 'nowhere'),
    },
    {
      name: 'an unknown account',
      over: { destination: { target: 'box', account: 'nobody' } },
      reason: 'not-allowed',
      message: absent,
    },
    {
      name: 'a missing policy',
      before: (h) => h.remove('Policy', 'everybody'),
      reason: 'not-allowed',
      message: absent,
    },
    {
      name: 'a missing right',
      before: (h) => h.apply(entitlement('').replace('[box]}', '[box], rights: [accessTarget]}')),
      reason: 'not-allowed',
      message: absent,
    },
    {
      name: 'a false condition',
      before: (h) =>
        h.apply(
          `apiVersion: sallyport/v1\nkind: Condition\nmetadata: {name: never}\nspec: {expression: "false"}\n---\n${entitlement(', conditions: [never]')}`,
        ),
      reason: 'condition-false',
      message: /a condition is not met/,
    },
    {
      name: 'an approval nobody can give',
      before: (h) => h.apply(entitlement(', approval: {by: [bosses], any: true}').replace(', any: true', '')),
      reason: 'approval-needed',
      message: /needs an approval/,
    },
    {
      name: 'two accounts and none named',
      before: (h) =>
        h.apply(
          'apiVersion: sallyport/v1\nkind: Account\nmetadata: {name: second}\nspec: {target: box, username: second, credential: {password: box}}',
        ),
      reason: 'account-ambiguous',
      message: /alice~(root|second)~box/,
    },
    {
      name: 'a disabled user',
      before: (h) => h.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}'),
      reason: 'not-allowed',
      message: absent,
    },
    {
      name: 'a token of another target',
      token: (h) => h.token({ targetId: streamId('target', h.node.tools.ids.uuid()) }),
      reason: 'pass-scope',
      message: /another target/,
    },
    {
      name: 'a token of another protocol',
      token: (h) => h.token({ protocols: ['rdp'] }),
      reason: 'pass-scope',
      message: /rdp only/,
    },
    {
      name: 'a revoked token',
      token: async (h) => {
        const tokenId = await h.token();
        await h.revoke(tokenId);
        return tokenId;
      },
      reason: 'pass-not-live',
      message: /was revoked/,
    },
    {
      name: 'a token that was never issued',
      token: (h) => Promise.resolve(streamId('token', h.node.tools.ids.uuid())),
      reason: 'pass-not-live',
      message: /no such token/,
    },
  ];
  it.each(cases)('$name', async ({ before, token, over, reason, message }) => {
    const house = await openHouse();
    await before?.(house);
    const tokenId = await (token ?? ((h: House) => h.token()))(house);
    const admission = await ask(house, tokenId, over).admission;
    expect(admission).toEqual({ ok: false, message: expect.stringMatching(message) as string });
    expect((await refusals(house)).map((refusal) => refusal.reason)).toEqual([reason]);
    expect(await house.types(tokenId)).not.toContain('SessionAdmitted');
    expect(house.node.admission.terminations.all()).toEqual([]);
  });
});

describe('an error is a no', () => {
  it('when the log takes nothing', async () => {
    const house = await openHouse();
    const tokenId = await house.token();
    const { admission: deps } = house.node;
    const log = instead(deps.tools.log, { append: () => Promise.reject(down()) });
    const admission = await ask(house, tokenId, {}, { ...deps, tools: { ...deps.tools, log } }).admission;
    expect(admission).toMatchObject({ ok: false });
    expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
    expect(deps.terminations.all()).toEqual([]);
  });

  it.each(['head', 'readStream', 'newestAt'] as const)('when the log cannot be read: %s', async (name) => {
    const house = await openHouse();
    const tokenId = await house.token();
    const { admission: deps } = house.node;
    const log = instead(deps.tools.log, { [name]: () => Promise.reject(down()) });
    const tools = { ...deps.tools, log, now: name === 'newestAt' ? () => Promise.reject(down()) : deps.tools.now };
    expect(await ask(house, tokenId, {}, { ...deps, tools }).admission).toMatchObject({ ok: false });
    expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
  });

  it.each(['directory', 'targetCatalogue'] as const)('when a view is behind: %s', async (name) => {
    const house = await openHouse();
    const tokenId = await house.token();
    const { admission: deps } = house.node;
    const behind = { reached: () => Promise.reject(down()) };
    const views =
      name === 'directory'
        ? { ...deps.views, directory: instead(deps.views.directory, behind) }
        : { ...deps.views, targetCatalogue: instead(deps.views.targetCatalogue, behind) };
    expect(await ask(house, tokenId, {}, { ...deps, views }).admission).toMatchObject({ ok: false });
    expect(await refusals(house)).toMatchObject([{ reason: 'unavailable' }]);
    expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
  });

  it('when the opening cannot be logged: the recording is closed and nobody stays registered', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    let closed = 0;
    const recordings = instead(deps.recordings, {
      create: async (...wish: Parameters<typeof deps.recordings.create>) => {
        const writer = await deps.recordings.create(...wish);
        return instead(writer, {
          close: () => {
            closed += 1;
            return writer.close();
          },
        });
      },
    });
    const log = instead(deps.tools.log, {
      append: (stream, version, events) =>
        events.some((event) => event.type === 'SessionOpened')
          ? Promise.reject(down())
          : deps.tools.log.append(stream, version, events),
    });
    const asked = ask(house, await house.token(), {}, { ...deps, recordings, tools: { ...deps.tools, log } });
    expect(await asked.admission).toMatchObject({ ok: false });
    expect(await refusals(house)).toMatchObject([{ reason: 'unavailable' }]);
    await until(() => closed === 1, { what: 'the recording to be closed' });
    await deps.terminations.endingsLogged(15_000);
    expect(deps.terminations.all()).toEqual([]);
  });

  it.each([
    { duty: 'required', ok: false },
    { duty: 'strict', ok: false },
    { duty: 'preferred', ok: true },
    { duty: 'off', ok: true },
  ])('when no recording can be made, with the duty $duty: $ok', async ({ duty, ok }) => {
    const house = await openHouse();
    await house.apply(
      `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, recording: ${duty}}`,
    );
    const { admission: deps } = house.node;
    const recordings = instead(deps.recordings, { create: () => Promise.reject(down()) });
    const admission = await ask(house, await house.token(), {}, { ...deps, recordings }).admission;
    expect(admission.ok).toBe(ok);
    if (!ok) expect(await refusals(house)).toMatchObject([{ reason: 'recording-unavailable' }]);
    expect(await house.events('SessionOpened')).toHaveLength(ok ? 1 : 0);
  });
});

describe('what comes while it is being admitted', () => {
  /** Does something right before `SessionAdmitted` is appended. */
  function before(house: House, what: () => Promise<void>) {
    const { admission: deps } = house.node;
    let done = false;
    const log = instead(deps.tools.log, {
      append: async (stream, version, events) => {
        if (!done && events.some((event) => event.type === 'SessionAdmitted')) {
          done = true;
          await what();
        }
        return deps.tools.log.append(stream, version, events);
      },
    });
    return { ...deps, tools: { ...deps.tools, log } };
  }

  it('a revocation: the pass refuses', async () => {
    const house = await openHouse();
    const tokenId = await house.token();
    const asked = ask(
      house,
      tokenId,
      {},
      before(house, () => house.revokeElsewhere(tokenId)),
    );
    expect(await asked.admission).toMatchObject({ ok: false });
    expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued', 'TemporaryTokenRevoked']);
    expect(await refusals(house)).toMatchObject([{ reason: 'pass-not-live', detail: 'revoked' }]);
  });

  const box =
    'apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, idle: 9m}';
  it.each([
    ['policy taken away', 'box', (house: House) => house.remove('Policy', 'everybody')],
    ['right made narrower', 'was changed; connect again', (house: House) => house.apply(box)],
  ])('a %s: it is asked again', async (_what, said, change) => {
    const house = await openHouse();
    const deps = before(house, async () => {
      await change(house);
      await until(() => house.node.admission.terminations.changes > 0, { what: 'the change to be noted' });
    });
    const admission = await ask(house, await house.token(), {}, deps).admission;
    expect(admission).toMatchObject({ ok: false, message: expect.stringContaining(said) });
    expect(await house.events('SessionOpened')).toEqual([]);
  });

  it('an end of everything: it never counts as open, and the proxy is told once', async () => {
    const house = await openHouse();
    const { terminations } = house.node.admission;
    const deps = before(house, () => {
      terminations.terminate('all', 'shutdown', 'bye');
      return Promise.resolve();
    });
    const asked = ask(house, await house.token(), {}, deps);
    expect(await asked.admission).toMatchObject({ ok: false });
    expect(asked.told).toEqual([{ reason: 'shutdown', message: 'bye' }]);
    await terminations.endingsLogged(10_000);
    expect((await house.events('SessionEnded')).map((event) => event.data)).toMatchObject([{ reason: 'shutdown' }]);
  });

  it('a recording that breaks at once: it never counts as open', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    const recordings = instead(deps.recordings, {
      create: async (...wish: Parameters<typeof deps.recordings.create>) => {
        const writer = await deps.recordings.create(...wish);
        return instead(writer, {
          onFailure: (listener: (error: Error) => void) => queueMicrotask(() => listener(down())),
        });
      },
    });
    const asked = ask(house, await house.token(), {}, { ...deps, recordings });
    expect(await asked.admission).toMatchObject({ ok: false });
    expect(asked.told).toMatchObject([{ reason: 'recording-failed' }]);
  });

  it('a proxy that fails when it is told keeps nobody else from being cut', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    const { admit } = await import('../../../src/application/admission/admit.ts');
    const pass = { passId: await house.token(), userId: house.alice, userName: 'alice' } as Parameters<
      typeof admit
    >[1]['pass'];
    const destination = { target: 'box', account: null };
    const request = { pass, protocol: 'ssh' as const, destination, source: '127.0.0.1', client: null, reason: '' };
    const broken = (): void => {
      throw new Error('the socket is gone');
    };
    await admit(deps, request, broken, broken);
    const other = ask(house, await house.token());
    await opened(other);
    deps.terminations.terminate('all', 'shutdown', 'bye');
    expect(other.told).toHaveLength(1);
    await until(async () => (await house.events('SessionEnded')).length === 2, { what: 'both ends' });
  });
});

describe('the target leg', () => {
  const leg = (close: () => void): TargetTerminal => ({
    identity: 'SHA256:box',
    open: () => Promise.reject(down()),
    forward: () => Promise.reject(down()),
    onLost: () => undefined,
    close,
  });

  it('is not opened for a session that has ended', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    let connects = 0;
    const terminals = {
      connect: () => {
        connects += 1;
        return Promise.resolve(leg(() => undefined));
      },
    };
    const session = await opened(ask(house, await house.token(), {}, withTerminals(deps, terminals)));
    await session.end('closed-by-client');
    await expect(session.openTarget()).rejects.toThrow(/has ended/);
    expect(connects).toBe(0);
  });

  it('is closed when the session ended while it was opened', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    const tokenId = await house.token();
    let closed = 0;
    const terminals = {
      connect: async () => {
        await house.revoke(tokenId);
        await until(() => asked.told.length > 0, { what: 'the cut' });
        return leg(() => (closed += 1));
      },
    };
    const asked = ask(house, tokenId, {}, withTerminals(deps, terminals));
    const session = await opened(asked);
    await expect(session.openTarget()).rejects.toThrow();
    expect(closed).toBe(1);
  });

  it('is closed when its opening cannot be logged', async () => {
    const house = await openHouse();
    const { admission: deps } = house.node;
    let closed = 0;
    const terminals = { connect: () => Promise.resolve(leg(() => (closed += 1))) };
    const log = instead(deps.tools.log, {
      append: (stream, version, events) =>
        events.some((event) => event.type === 'TargetLegOpened')
          ? Promise.reject(down())
          : deps.tools.log.append(stream, version, events),
    });
    const asked = ask(
      house,
      await house.token(),
      {},
      { ...withTerminals(deps, terminals), tools: { ...deps.tools, log } },
    );
    const session = await opened(asked);
    await expect(session.openTarget()).rejects.toThrow();
    expect(closed).toBe(1);
    expect(asked.told).toMatchObject([{ reason: 'log-unavailable' }]);
    await until(async () => (await house.events('SessionEnded')).length === 1, { what: 'its end' });
  });
});
