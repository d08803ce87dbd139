import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ssh } from './product.ts';
import { typed } from './rules/command-line.ts';
import { begunFresh, linkedWithFactor, shownApp, tokenBy } from './rules/fresh-factor.ts';
import { launchRulesInstallation, password, type RulesInstallation } from './rules/installation.ts';
import { pages } from './rules/pages.ts';
import { program } from './rules/program.ts';
import { sshClient } from './rules/ssh-client.ts';
import { type DoorName, doorNames, type Visit } from './rules/visit.ts';

let here: RulesInstallation;

beforeAll(async () => {
  here = await launchRulesInstallation();
}, 240_000);
afterAll(() => here?.stop());

const openDoor = async (door: DoorName, name: string): Promise<Visit> => {
  if (door === 'ssh') return sshClient(here.product, name);
  return door === 'web' ? pages(here.product, name, null) : program(here.product, name);
};

const done = new Map<string, Promise<void>>();
/** Once for each person, whichever test needs it first. */
const once = (what: string, name: string, work: () => Promise<void>): Promise<void> => {
  const key = `${what} ${name}`;
  const running = done.get(key) ?? work();
  done.set(key, running);
  return running;
};

/** What somebody is at `corp` is theirs here, long before what is tried. */
const linked = (name: string): Promise<void> =>
  once('linked', name, async () => {
    const visit = program(here.product, name);
    const hasFactor = /^(ida|ian)-/.test(name);
    await visit.password(password);
    if (hasFactor) await visit.code(here.code(name));
    await visit.back(await here.atCorp(await visit.linkCorp(), name));
    if (hasFactor) await visit.code(here.code(name));
  });

const mustChange = (name: string): Promise<void> =>
  once('must change', name, async () => {
    await linked(name);
    await here.declare(name, { mustChange: true });
  });

const throughCorp = async (visit: Visit, name: string): Promise<void> =>
  visit.back(await here.atCorp(await visit.toCorp(), name));

interface Rule {
  /** Who tries it; of each there is one for each door. */
  readonly who: string;
  /** Why the attempt ended, as an auditor finds it; null: it did not fail. */
  readonly reason: string | null;
  readonly opens?: boolean;
  /** What is typed at a login of a user of this installation: at the real command line as well. */
  readonly types?: (name: string) => readonly string[];
  readonly before?: (name: string) => Promise<void>;
  readonly tries?: (visit: Visit, name: string) => Promise<void>;
}

const rules: Readonly<Record<string, Rule>> = {
  'the right password and the right factor open': {
    who: 'eve',
    reason: null,
    opens: true,
    types: (name) => [password, here.code(name)],
  },
  'a name nobody has never gets in': { who: 'nobody', reason: 'unknown-user', types: () => [password] },
  'a wrong password does not open': { who: 'ann', reason: 'wrong-answer', types: () => ['not that one'] },
  'a wrong factor does not open': { who: 'eve', reason: 'wrong-answer', types: () => [password, 'ABCD-EFGH-JKLM'] },
  'the factor of somebody else does not open': {
    who: 'eve',
    reason: 'wrong-answer',
    types: (name) => [password, here.code(name.replace('eve', 'fay'))],
  },
  'a factor counts once': {
    who: 'eve',
    reason: 'wrong-answer',
    tries: async (visit, name) => {
      const code = here.code(name);
      const first = program(here.product, name);
      await first.password(password);
      await first.code(code);
      expect(await first.holdsLogin()).toBe(true);
      await visit.password(password);
      await visit.code(code);
    },
  },
  'one wrong answer ends the attempt': {
    who: 'eve',
    reason: 'wrong-answer',
    tries: async (visit, name) => {
      await visit.password(password);
      await visit.code('ABCD-EFGH-JKLM');
      await visit.code(here.code(name));
    },
  },
  'somebody disabled does not get in': {
    who: 'dis',
    reason: 'disabled',
    before: (name) => here.declare(name, { disabled: true }),
    types: () => [password],
  },
  'a password that must be changed does not open': {
    who: 'mia',
    reason: 'must-change',
    before: mustChange,
    types: () => [password],
  },
  'it is no matter to who logs in at a provider': {
    who: 'mia',
    reason: null,
    opens: true,
    before: mustChange,
    tries: throughCorp,
  },
  'a factor asked on top is not skipped': {
    who: 'eve',
    reason: null,
    tries: (visit) => visit.password(password),
  },
  'a factor asked on top that nobody could show is not skipped': {
    who: 'sam',
    reason: 'no-factor',
    types: () => [password],
  },
  'a policy that gives no answer is a no': { who: 'poli', reason: 'no-policy', types: () => [password] },
  'the first challenge met twice is not the second one': {
    who: 'ida',
    reason: null,
    before: linked,
    tries: async (visit, name) => {
      await throughCorp(visit, name);
      const url = await visit.again();
      if (url !== null) await visit.back(await here.atCorp(url, name));
    },
  },
  'what was begun before the newest round is no answer, and no end either': {
    who: 'lou',
    reason: null,
    opens: true,
    before: linked,
    tries: async (visit, name) => {
      const older = await visit.toCorp();
      const goBack = visit.keep();
      const newer = await visit.again();
      const onward = visit.keep();
      goBack();
      await visit.back(await here.atCorp(older, name));
      expect(await visit.holdsLogin()).toBe(false);
      onward();
      await visit.back(await here.atCorp(newer ?? '', name));
    },
  },
  'a mechanism is begun ten times at the most': {
    who: 'lou',
    reason: null,
    before: linked,
    tries: async (visit, name) => {
      let url: string | null = await visit.toCorp();
      for (let round = 1; round <= 10 && url !== null; round += 1) url = await visit.again();
      if (url !== null) await visit.back(await here.atCorp(url, name));
    },
  },
  'an identity linked to nobody does not open': { who: 'kim', reason: 'not-linked', tries: throughCorp },
  'a link opens no login': {
    who: 'ann',
    reason: null,
    tries: async (visit, name) => {
      await visit.password(password);
      const url = await visit.linkCorp();
      const goOn = visit.keep();
      await visit.signOut();
      goOn();
      const before = await here.admin.head();
      await visit.back(await here.atCorp(url, name));
      // A login that rests on what is not linked yet would be of no use; none is opened at all.
      expect((await here.admin.events(before)).map(({ type }) => type)).not.toContain('LoginOpened');
    },
  },
  'an identity that was linked opens': { who: 'lou', reason: null, opens: true, before: linked, tries: throughCorp },
  'an identity of somebody else is not linked, and opens for them alone': {
    who: 'kim',
    reason: 'linked-elsewhere',
    before: (name) => linked(name.replace('kim', 'lou')),
    tries: async (visit, name) => {
      await visit.password(password);
      const other = name.replace('kim', 'lou');
      await visit.back(await here.atCorp(await visit.linkCorp(), other));
      await visit.signOut();
      await throughCorp(visit, other);
    },
  },
  'an identity that was unlinked meanwhile does not open': {
    who: 'ian',
    reason: 'identity-gone',
    before: linked,
    tries: async (visit, name) => {
      await throughCorp(visit, name);
      const own = program(here.product, name);
      await own.password(password);
      await own.code(here.code(name));
      type Own = { readonly identities: readonly { readonly identityId: string }[] };
      const [identity] = (await own.ask<Own>('GET', '/auth/identities')).identities;
      await own.ask('DELETE', `/auth/identities/${identity?.identityId ?? ''}`);
      await visit.code(here.code(name));
    },
  },
  'an identity that is not active at its provider does not open': {
    who: 'lena',
    reason: 'identity-must-change',
    before: async (name) => {
      const visit = program(here.product, name);
      await visit.password(password, 'directory');
      expect(await visit.holdsLogin()).toBe(true);
      const modification = new Attribute({ type: 'pwdReset', values: ['TRUE'] });
      await here.directory.asAdmin((link) =>
        link.modify(here.directoryDn(name), new Change({ operation: 'replace', modification })),
      );
    },
    tries: (visit) => visit.password(password, 'directory'),
  },
  'a fresh factor opens no login': {
    who: 'eve',
    reason: null,
    tries: async (visit, name) => {
      await visit.password(password);
      await visit.code(here.code(name));
      const fresh = await begunFresh(here, visit, name);
      await visit.signOut();
      await fresh();
    },
  },
};

const tooLate: Rule = {
  who: 'eve',
  reason: 'expired',
  tries: async (visit, name) => {
    await visit.password(password);
    await here.waitFiveMinutes();
    await visit.code(here.code(name));
  },
};

async function holds({ who, reason, opens = false, types, before, tries }: Rule, door: DoorName): Promise<void> {
  const name = `${who}-${door}`;
  await before?.(name);
  const start = await here.admin.head();
  if (types !== undefined && door === 'cli') {
    expect(await typed(here.product, name, types(name))).toBe(opens);
  } else {
    const visit = await openDoor(door, name);
    const [first, ...codes] = types?.(name) ?? [];
    if (first !== undefined) await visit.password(first);
    for (const code of codes) await visit.code(code);
    await tries?.(visit, name);
    expect(await visit.isIn()).toBe(opens);
  }
  const failed = (await here.admin.events(start)).filter(({ type }) => type === 'AuthenticationFailed');
  expect(failed.map(({ data }) => data.reason)).toEqual(reason === null ? [] : [reason]);
}

describe.each(doorNames)('at the door %s', (door) => {
  it.each(Object.keys(rules))('%s', (title) => holds(rules[title]!, door));
});

interface TokenRule {
  readonly who: string;
  readonly makes: boolean;
  /** With what a token is asked for. */
  readonly shows: (visit: Visit, name: string) => Promise<string>;
}

const freshOf = async (visit: Visit, name: string): Promise<string> => (await begunFresh(here, visit, name))();

const tokenRules: Readonly<Record<string, TokenRule>> = {
  'a fresh factor of the login makes a token': { who: 'fay', makes: true, shows: freshOf },
  'a fresh factor makes no second token': {
    who: 'fay',
    makes: false,
    shows: async (visit, name) => {
      const fresh = await freshOf(visit, name);
      expect(await tokenBy(visit, fresh)).toMatch(/^spt_/);
      return fresh;
    },
  },
  'a fresh factor of another login makes no token': {
    who: 'fay',
    makes: false,
    shows: async (_visit, name) => {
      const other = program(here.product, name);
      await other.password(password);
      await other.code(here.code(name));
      return freshOf(other, name);
    },
  },
  'a factor that was shown for a link makes no token': {
    who: 'flo',
    makes: false,
    shows: (visit, name) => linkedWithFactor(here, visit, name),
  },
  'a fresh factor of another kind than is asked for makes no token': {
    who: 'kay',
    makes: false,
    shows: async (visit, name) => {
      expect(await tokenBy(visit, await freshOf(visit, name))).toMatch(/^spt_/);
      return shownApp(visit);
    },
  },
};

const shownLongAgo: TokenRule = {
  who: 'flo',
  makes: false,
  shows: async (visit, name) => {
    const fresh = await freshOf(visit, name);
    await here.waitFiveMinutes();
    return fresh;
  },
};

async function asksForFresh({ who, makes, shows }: TokenRule, door: DoorName): Promise<void> {
  const name = `${who}-${door}`;
  const visit = door === 'web' ? pages(here.product, name, null) : program(here.product, name);
  await visit.password(password);
  await visit.code(here.code(name));
  const secret = await tokenBy(visit, await shows(visit, name));
  expect(secret !== null).toBe(makes);
  // Without a token there is nothing to open a session with.
  if (door !== 'ssh' || secret === null) return;
  const session = await ssh(here.product, `${name}~box`, secret, ['echo', 'you are in']);
  expect(session).toMatchObject({ code: 0, stdout: 'you are in\n' });
}

describe.each(doorNames)('for a token of the door %s', (door) => {
  it.each(Object.keys(tokenRules))('%s', (title) => asksForFresh(tokenRules[title]!, door));
});

// The clock of the product's machine goes on, that of the provider does not: these come last.
describe.each(doorNames)('later, at the door %s', (door) => {
  it('an attempt is over after five minutes', () => holds(tooLate, door));
  it('a factor that was shown more than five minutes ago makes no token', () => asksForFresh(shownLongAgo, door));
});
