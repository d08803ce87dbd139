import { buildSchema, type GraphQLResolveInfo, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';

/** Numbers from 0 to below `n`, the same for the same text. */
function dice(seed: string): (n: number) => number {
  let state = 2_166_136_261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const fields = `
  text: String
  must: String!
  number: Int
  texts: [String]
  grid: [[Int!]]
  one: Thing
  sure: Thing!
  many: [Thing]
  all: [Thing!]!
  any: Named
  some: [Named!]
  with(n: Int = 3, word: String, filter: Filter): String
  own: String
  ownMust: ID!
`;

/** Every kind of type; each resolver gives, by the seed in the context and its path, a value, a promise, null or an error. */
export function anySchema(): GraphQLSchema {
  const schema = buildSchema(`
    interface Named { text: String must: String! one: Thing }
    input Filter { low: Int = 1, words: [String!] }
    type Thing implements Named {${fields}}
    type Other implements Named {${fields}}
    type Query {${fields}}
  `);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type)) type.resolveType = ({ type: name }: { type: string }) => name;
    if (!isObjectType(type)) continue;
    if (type.name !== 'Query') {
      type.isTypeOf = (value: unknown) => {
        const { type: name, slow } = value as { type: string; slow: boolean };
        return slow ? Promise.resolve(name === type.name) : name === type.name;
      };
    }
    for (const field of Object.values(type.getFields())) {
      // These have no resolver: they are properties of the object.
      if (field.name.startsWith('own')) continue;
      field.resolve = (_source, args: unknown, { seed }: { seed: string }, info) => {
        const path = pathOf(info.path);
        const roll = dice(`${seed} ${path}`);
        return outcome(
          roll,
          path,
          field.name === 'with' ? JSON.stringify(args) : valueOf(roll, String(info.returnType)),
        );
      };
    }
  }
  return schema;
}

function outcome(roll: (n: number) => number, path: string, value: unknown): unknown {
  switch (roll(24)) {
    case 0:
      return null;
    case 1:
      throw new Error(`thrown at ${path}`);
    case 2:
      return Promise.reject(new Error(`rejected at ${path}`));
    case 3:
      return new Error(`given at ${path}`);
    case 4:
      return { unfit: 'for everything' };
    case 5:
    case 6:
    case 7:
      return new Promise((resolve) => setImmediate(resolve, value));
    default:
      return value;
  }
}

function valueOf(roll: (n: number) => number, type: string): unknown {
  const inner = type.replace(/!$/, '');
  if (inner.startsWith('[')) {
    const items = Array.from({ length: roll(4) }, () => valueOf(roll, inner.slice(1, -1)));
    return roll(6) === 0 ? items.map(async (item) => item) : items;
  }
  if (roll(15) === 0) return null;
  if (inner === 'Int') return roll(100);
  if (inner === 'String') return `text ${String(roll(100))}`;
  if (inner === 'Named') return objectOf(roll, ['Thing', 'Other', 'Nothing'][roll(16) === 0 ? 2 : roll(2)] ?? '');
  return objectOf(roll, roll(20) === 0 ? 'Other' : 'Thing');
}

/** An object as a resolver gives it. */
function objectOf(roll: (n: number) => number, type: string): unknown {
  return { type, slow: roll(5) === 0, own: property(roll), ownMust: roll(3) === 0 ? property(roll) : 'id' };
}

function property(roll: (n: number) => number): unknown {
  return ['plain text', null, undefined, 7, () => 'of a function', Promise.resolve('late'), { un: 'fit' }][roll(7)];
}

function pathOf(path: GraphQLResolveInfo['path'] | undefined): string {
  return path === undefined ? '' : `${pathOf(path.prev)}.${String(path.key)}`;
}

/** A query of `anySchema` with aliases, fragments, the same field twice, variables, and now and then a directive. */
export function anyQuery(seed: string): string {
  const roll = dice(`query ${seed}`);
  const leaves = ['text', 'own', 'ownMust', 'must', 'number', 'texts', 'grid', '__typename'];
  const below = ['one', 'sure', 'many', 'all', 'any', 'some'];
  const withs = [
    'with',
    'with(n: $n)',
    'with(n: null, word: $word)',
    'with(filter: {low: $n, words: ["a"]})',
    'with(filter: {})',
  ];
  const named = new Set<string>();
  const selection = (depth: number, narrow: boolean): string => {
    const chosen = Array.from({ length: 1 + roll(5) }, () => {
      const kind = roll(10);
      // Fields with arguments have a name of their own each: two of one name would have to be the same.
      if (kind === 0 && !narrow) {
        const at = roll(withs.length);
        return `w${String(at)}: ${withs[at] ?? ''}`;
      }
      if (kind <= 4 && depth > 0) {
        const field = narrow ? 'one' : (below[roll(below.length)] ?? '');
        const inner = selection(depth - 1, field === 'any' || field === 'some');
        return `${roll(3) === 0 ? `${field}Again: ` : ''}${field}${roll(25) === 0 ? ' @include(if: true)' : ''} { ${inner} }`;
      }
      if (kind === 5) return `... on Thing { ${selection(depth - 1, false)} }`;
      if (kind === 6 && !narrow) {
        named.add('common');
        return '...common';
      }
      return narrow ? (leaves[roll(2)] ?? '') : (leaves[roll(leaves.length)] ?? '');
    });
    return chosen.join(' ');
  };
  const text = selection(3, false);
  const fragments = named.has('common')
    ? ' fragment common on Named { text one { text ...deeper } } fragment deeper on Thing { number must }'
    : '';
  return `query($n: Int, $word: String = "w") { w: with(n: $n, word: $word) ${text} }${fragments}`;
}
