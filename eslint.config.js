import tseslint from 'typescript-eslint';

/**
 * What may happen is decided from its input alone, so that a replay gives the same answer for ever: the domain has no
 * clock, no random, no process, no I/O and nothing that waits. Imports are ruled in .dependency-cruiser.cjs.
 * @type {Record<string, ['error', ...unknown[]]>}
 */
export const purity = {
  'no-restricted-globals': [
    'error',
    ...[
      ['crypto', 'ids and secrets come in the command'],
      ['process', 'settings come in the command'],
      ['console', 'nothing is printed: return a rejection or an event'],
      ['performance', 'time comes in the command'],
      ['fetch', 'no I/O'],
      ['setTimeout', 'nothing waits'],
      ['setInterval', 'nothing waits'],
      ['setImmediate', 'nothing waits'],
      ['queueMicrotask', 'nothing waits'],
      ['globalThis', 'a way round this list'],
      ['Intl', 'zones and locales differ from machine to machine'],
    ].map(([name, why]) => ({ name, message: `src/domain is pure: ${why}.` })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'src/domain is pure: time comes in the command.' },
    { object: 'Math', property: 'random', message: 'src/domain is pure: chance comes in the command.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
      message: 'src/domain is pure: time comes in the command.',
    },
    {
      selector: 'CallExpression[callee.name="Date"]',
      message: 'src/domain is pure: time comes in the command.',
    },
    { selector: ':function[async=true]', message: 'src/domain is pure: nothing waits.' },
    { selector: 'AwaitExpression', message: 'src/domain is pure: nothing waits.' },
    { selector: 'ForOfStatement[await=true]', message: 'src/domain is pure: nothing waits.' },
    { selector: 'NewExpression[callee.name="Promise"]', message: 'src/domain is pure: nothing waits.' },
    {
      selector: 'CallExpression[callee.property.name=/^toLocale/]',
      message: 'src/domain is pure: zones and locales differ from machine to machine.',
    },
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only: a name that can be searched for.' },
  ],
};

const house = {
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only: a name that can be searched for.' },
  ],
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
  eqeqeq: 'error',
  'prefer-const': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'off',
  '@typescript-eslint/no-implied-eval': 'error',

  // Numbers print in one way only; objects, undefined and null stay forbidden in a template.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // `() => list.push(x)` as a callback reads better than a block around it.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // A port's method may be async in one implementation and have nothing to wait for in the next.
  '@typescript-eslint/require-await': 'off',
  // "Nothing to do" is a meaning of its own: a listener that must be there, a release that is none.
  '@typescript-eslint/no-empty-function': 'off',
  // `while (true)` with a return inside is the plain form of a read loop.
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  // `_` marks what a signature has to take and the body does not need.
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // A closed union of interfaces reads as badly as a shape spelled as a type: the writer picks what fits.
  '@typescript-eslint/consistent-type-definitions': 'off',
};

/** Tests look into parsed JSON and known lists; what is not there makes the test red anyway. */
const tests = {
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/unbound-method': 'off',
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
};

/** ESLint's own core rules for plain JavaScript, as far as TypeScript is not there to find the same. */
const plainJavaScript = {
  'no-undef': 'error',
  'no-unused-vars': 'error',
};

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'Buffer', 'URL', 'performance', 'setTimeout', 'clearTimeout'].map((name) => [
    name,
    'readonly',
  ]),
);

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'data/',
      'coverage/',
      'test/fixtures/',
      'web/dist/',
      'web/src/graphql/schema-types.d.ts',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: house,
  },
  { files: ['src/domain/**/*.ts'], rules: purity },
  { files: ['test/**/*.ts'], rules: tests },
  { files: ['vitest.config.ts', 'web/vite.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: nodeGlobals }, rules: plainJavaScript },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
    rules: plainJavaScript,
  },
);
