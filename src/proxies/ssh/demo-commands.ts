/** The made-up files of the demo host: a folder is a record, a file its text. Nothing of the machine is in it. */
type Tree = { readonly [name: string]: string | Tree };

const files: Tree = {
  etc: { hostname: 'demo\n', motd: 'This is a made-up machine. Nothing here is real, and nothing can break.\n' },
  home: {
    demo: {
      'readme.txt': 'Everything you see here is recorded.\nLog out with "exit", then replay the session.\n',
      'notes.txt': 'buy milk\nrotate the passwords\n',
    },
  },
  var: { log: { 'app.log': 'started\nlistening on port 8080\nall is well\n' } },
};

export const demoUser = 'demo';

export interface ShellState {
  readonly folder: readonly string[];
}

export const atHome: ShellState = { folder: ['home', demoUser] };

export interface Outcome {
  readonly state: ShellState;
  readonly output: string;
  readonly errors: string;
  readonly code: number;
  /** The shell itself ends with `code`. */
  readonly leaves: boolean;
  readonly clears: boolean;
}

type Command = (words: readonly string[], state: ShellState, now: string) => Partial<Outcome>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['help', () => ({ output: `Commands: ${[...commands.keys()].join(' ')}\n` })],
  ['whoami', () => ({ output: `${demoUser}\n` })],
  ['date', (_words, _state, now) => ({ output: `${now}\n` })],
  ['echo', (words) => ({ output: `${words.join(' ')}\n` })],
  ['uname', (words) => ({ output: words.includes('-a') ? 'Demo demo 1.0 made-up\n' : 'Demo\n' })],
  ['true', () => ({})],
  ['false', () => ({ code: 1 })],
  ['pwd', (_words, state) => ({ output: `${shown(state.folder)}\n` })],
  ['clear', () => ({ clears: true })],
  ['exit', ([code]) => ({ leaves: true, code: code === undefined ? 0 : Number(code) & 255 })],
  ['ls', list],
  ['cat', show],
  ['cd', change],
]);

/** Runs one line. Pure: `now` is the time that `date` tells. */
export function runLine(line: string, state: ShellState, now: string): Outcome {
  const [name = '', ...words] = wordsOf(line);
  const silent: Outcome = { state, output: '', errors: '', code: 0, leaves: false, clears: false };
  if (name === '') return silent;
  const command = commands.get(name);
  if (command === undefined) return { ...silent, errors: `${name}: command not found (try help)\n`, code: 127 };
  return { ...silent, ...command(words, state, now) };
}

function wordsOf(line: string): readonly string[] {
  const words = line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1) : word));
}

function list(words: readonly string[], state: ShellState): Partial<Outcome> {
  const [name = '.'] = words.filter((word) => !word.startsWith('-'));
  const found = find(pathOf(name, state));
  if (found === undefined) return { errors: `ls: ${name}: no such file or folder\n`, code: 2 };
  if (typeof found === 'string') return { output: `${name}\n` };
  return {
    output: Object.entries(found)
      .map(([key, value]) => `${key}${typeof value === 'string' ? '' : '/'}\n`)
      .join(''),
  };
}

function show(words: readonly string[], state: ShellState): Partial<Outcome> {
  let output = '';
  for (const name of words) {
    const found = find(pathOf(name, state));
    if (typeof found !== 'string') return { output, errors: `cat: ${name}: no such file\n`, code: 1 };
    output += found;
  }
  return { output };
}

function change([name = '~']: readonly string[], state: ShellState): Partial<Outcome> {
  const folder = pathOf(name, state);
  if (typeof find(folder) !== 'object') return { errors: `cd: ${name}: no such folder\n`, code: 1 };
  return { state: { folder } };
}

function pathOf(name: string, state: ShellState): readonly string[] {
  const from = name.startsWith('/') ? [] : name.startsWith('~') ? [...atHome.folder] : [...state.folder];
  for (const part of name.replace(/^~/, '').split('/')) {
    if (part === '..') from.pop();
    else if (part !== '' && part !== '.') from.push(part);
  }
  return from;
}

function find(path: readonly string[]): string | Tree | undefined {
  let at: string | Tree | undefined = files;
  for (const part of path) at = typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined;
  return at;
}

/** A folder as a prompt shows it. */
export function shown(folder: readonly string[]): string {
  return `/${folder.join('/')}`;
}
