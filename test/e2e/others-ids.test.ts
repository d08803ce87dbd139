import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launch, type Running } from '../kit/process.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources } from './product.ts';

/** Whatever takes an id or a name is given somebody else’s; the schema says what that is, so that nothing new is left out. */
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
const password = 'a meadow full of quiet engines';
/** Where a name stands for somebody or something, rather than for what is to be made. */
const NAMES = new Set(['user', 'target', 'account', 'name']);

let product: Product;
let sshd: Sshd;
let session: Running;
let admin: Person;
let bob: Person;
/** Where the log ended before bob began. */
let before: string | null;
/** Ids and names of ann’s, and of what bob may not know of. */
let others: readonly string[];

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ cut: null }), launchSshd()]);
  admin = await logIn(product);
  await admin.apply(
    ['ann', 'bob']
      .map(
        (name) =>
          `{apiVersion: sallyport/v1, kind: User, metadata: {name: ${name}}, spec: {password: "${password}"}}\n`,
      )
      .join('---\n') +
      `---\n${sshdResources(sshd).replaceAll('assign: "true"', `assign: 'claims.user.username == "ann"'`)}`,
  );
  const ann = await logIn(product, 'ann', password);
  const token = await ann.token();
  const { command, env } = sshCommand(product, 'ann~box', token.secret);
  session = launch('sshpass', [...command, 'cat'], { env, keepInput: true });
  const opened = await admin.event(null, 'the session', ({ type }) => type === 'SessionOpened');
  bob = await logIn(product, 'bob', password);
  const declared = await admin.events(null);
  const streams = new Set(declared.map(({ stream }) => stream));
  const { viewer } = await bob.graphql<{ viewer: { id: string } }>('{ viewer { id } }');
  const bobs = declared.filter(({ data }) => data.userId === viewer.id).map(({ stream }) => stream);
  others = [...streams].filter((id) => id !== viewer.id && !bobs.includes(id)).concat('ann', 'box');
  expect(others).toEqual(expect.arrayContaining([opened.stream, token.id]));
  before = await admin.head();
});
afterAll(async () => {
  await session.stop();
  await product.stop();
  await sshd.stop();
});

/** One field and one of its places that takes an id or a name, with all that it can't be asked without. */
interface Place {
  readonly title: string;
  readonly query: string;
  readonly variables: (value: string) => Readonly<Record<string, unknown>>;
}

/** A fresh factor that nobody asks for is left aside: whose it may be is for the tests of the policies that do ask. */
const isPlace = (one: GraphQLArgument | GraphQLInputField): boolean =>
  (getNamedType(one.type).name === 'ID' && one.name !== 'freshFactor') ||
  (getNamedType(one.type).name === 'String' && NAMES.has(one.name));

const places: readonly Place[] = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
  Object.values(root?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap((arg): Place[] => {
      const type = getNamedType(arg.type);
      if (isPlace(arg)) return [placeOf(root?.name ?? '', field, arg.name, (value) => inList(arg.type, value))];
      if (!isInputObjectType(type)) return [];
      return Object.values(type.getFields())
        .filter(isPlace)
        .map((part) =>
          placeOf(root?.name ?? '', field, `${arg.name}.${part.name}`, (value) => ({
            ...needed(Object.values(type.getFields())),
            [part.name]: inList(part.type, value),
          })),
        );
    }),
  ),
);

function placeOf(
  root: string,
  field: GraphQLField<unknown, unknown>,
  at: string,
  give: (value: string) => unknown,
): Place {
  const [arg = ''] = at.split('.');
  const declared = field.args.map((one) => `$${one.name}: ${String(one.type)}`).join(', ');
  const passed = field.args.map((one) => `${one.name}: $${one.name}`).join(', ');
  return {
    title: `${root}.${field.name}(${at})`,
    query: `${root.toLowerCase()} (${declared}) { ${field.name}(${passed}) ${selection(field.type)} }`,
    variables: (value) => ({ ...needed(field.args), [arg]: give(value) }),
  };
}

const inList = (type: GraphQLInputType, value: string): unknown =>
  isListType(isNonNullType(type) ? type.ofType : type) ? [value] : value;

/** Something for everything that can't be left out. */
function needed(parts: readonly (GraphQLArgument | GraphQLInputField)[]): Readonly<Record<string, unknown>> {
  const must = parts.filter(({ type, default: given }) => isNonNullType(type) && given === undefined);
  return Object.fromEntries(
    must.map(({ name, type }) => {
      const named = getNamedType(type);
      if (isEnumType(named)) return [name, named.getValues()[0]?.name];
      if (isInputObjectType(named)) return [name, needed(Object.values(named.getFields()))];
      return [name, named.name === 'Boolean' ? true : named.name === 'JSON' ? {} : 'anything'];
    }),
  );
}

/** What it says of itself, and of the things in its list. */
function selection(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (named === undefined || isLeafType(named)) return '';
  const own = isObjectType(named) ? Object.values(named.getFields()).filter(({ args }) => args.length === 0) : [];
  const said = own.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return ['edges', 'node', 'errors'].includes(field.name) ? [`${field.name} ${selection(field.type)}`] : [];
  });
  return `{ __typename ${said.join(' ')} }`;
}

/** The same kind of id, of nothing. */
const absent = (value: string): string => value.replace(/[0-9a-f]{12}$/, '0123456789ab').replace(/^(ann|box)$/, 'zoe');

/** What bob is answered, with the value itself blotted out. */
async function answer({ query, variables }: Place, value: string): Promise<string> {
  const said = await bob.graphql(query, variables(value)).catch((error: unknown) => String(error));
  return JSON.stringify(said).replaceAll(value, 'IT');
}

test('there are such places, and the test finds them', () => {
  const titles = places.map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining([
      'Query.node(id)',
      'Query.nodes(ids)',
      'Query.session(id)',
      'Query.sessions(filter.user)',
      'Mutation.endSession(input.id)',
      'Mutation.openTerminal(input.session)',
      'Mutation.revokeToken(input.id)',
      'Mutation.closeLogin(input.id)',
    ]),
  );
});

test.each(places)('$title: what is another person’s is answered as what is not there', async (place) => {
  for (const value of others) {
    expect(await answer(place, value), value).toBe(await answer(place, absent(value)));
  }
});

test('and none of it did anything to them', async () => {
  const since = (await admin.events(before)).filter(({ stream }) => others.includes(stream));
  // Ann’s session goes on beside all this.
  const own = ['TargetLegOpened', 'ChannelOpened', 'RecordingChunkSealed'];
  expect(since.filter(({ type }) => !own.includes(type))).toEqual([]);
  expect(session.child.exitCode).toBeNull();
});
