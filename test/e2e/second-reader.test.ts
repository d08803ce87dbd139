import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Api } from '../../src/client/api.ts';
import { until } from '../kit/until.ts';
import { openInAsciinema } from '../kit/asciinema.ts';
import { startChromium } from '../kit/chromium.ts';
import { cellsDrawn, cellsOfOurs, type OwnScreen } from '../kit/drawn-screen.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { runProcess } from '../kit/process.ts';
import { startTerminal, type Terminal } from '../kit/pty.ts';
import { installationOf, logIn, type Person } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources } from './product.ts';

let browser: Browser;
let product: Product;
let sshd: Sshd;
let admin: Person;

beforeAll(async () => {
  [product, sshd, browser] = await Promise.all([launchProduct(), launchSshd(), startChromium([])]);
  admin = await logIn(product);
  await admin.apply(sshdResources(sshd));
}, 120_000);
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const bash = `exec env -i PATH="$PATH" TERM=xterm-256color LANG=C.UTF-8 PS1='ready> ' HISTFILE= bash --norc -i`;
/** As bash writes it for a new line to be typed. */
const prompt = '\u001b[?2004hready> ';

/** What a person does at a terminal; it gives the id of the session, once that has ended. */
async function recorded(run: (words: readonly string[], env: NodeJS.ProcessEnv) => Promise<unknown>): Promise<string> {
  const { secret } = await admin.token();
  const before = await admin.head();
  const { command, env } = sshCommand(product, 'admin~box', secret);
  await run(command, env);
  return (await admin.event(before, 'the end of the session', ({ type }) => type === 'SessionEnded')).stream;
}

async function atTerminal(work: (terminal: Terminal, type: Typing) => Promise<void>): Promise<string> {
  return recorded(async (command, env) => {
    const words = [...command.slice(0, 2), '-tt', ...command.slice(2), bash];
    const size = { columns: 60, rows: 12 };
    const terminal = startTerminal('sshpass', words, { ...size, env: { ...process.env, ...env } });
    await terminal.shows(prompt);
    await work(terminal, async (keys, sees = prompt) => {
      const from = terminal.output().length;
      terminal.type(keys);
      await terminal.shows(sees, from);
    });
    await terminal.exited;
  });
}
type Typing = (keys: string, sees?: string | RegExp) => Promise<void>;

/** Both readers of one recording: the export in asciinema-player, and our own screens. */
async function bothReaders(id: string) {
  const api = new Api(installationOf(product), admin.bearer);
  const lines: string[] = [];
  for await (const line of api.lines(`/api/v1/recordings/${id}?as=asciicast`)) lines.push(`${line}\n`);
  const player = await openInAsciinema(browser, lines.join(''));
  onTestFinished(() => player.close());
  const { reading } = await api.rest<{ reading: string }>('POST', `/api/v1/recordings/${id}/readings`);
  const { milliseconds } = await api.rest<{ milliseconds: number }>('GET', `/api/v1/readings/${reading}?chunk=0`);
  expect(player.duration).toBe(milliseconds / 1_000);
  const events = lines.slice(1).map((line) => JSON.parse(line) as [number, string, string]);
  const compare = async (seconds: number): Promise<void> => {
    const at = String(Math.round(seconds * 1_000));
    const own = await api.rest<OwnScreen>('GET', `/api/v1/readings/${reading}/screen?at=${at}&channel=0`);
    const drawn = await player.screenAt(seconds);
    const { cells, wide, isAlternate } = await cellsOfOurs(own, drawn.theme);
    // What a full-screen program's screen shows between a new size and its next drawing is each emulator's own.
    if (isAlternate && !isDrawnAnew(events.filter(([time]) => time <= seconds))) return;
    expect([drawn.columns, drawn.rows], at).toEqual([own.columns, own.rows]);
    expect(cellsDrawn(drawn, wide), at).toEqual(cells);
  };
  return { player, events, moments: [...new Set(events.map(([seconds]) => seconds))], compare };
}

/** A new size; what is typed at once may overtake it on its way. */
async function resized(terminal: Terminal, type: Typing, columns: number, rows: number): Promise<void> {
  terminal.resize(columns, rows);
  const told = async (): Promise<boolean> => {
    const from = terminal.output().length;
    await type('stty size\r');
    return terminal
      .output()
      .slice(from)
      .includes(`${String(rows)} ${String(columns)}`);
  };
  await until(told, { what: 'the new size' });
}

/** Whether a full-screen program has cleared its screen since it has its size, as it does before it draws all of it. */
function isDrawnAnew(events: readonly (readonly [number, string, string])[]): boolean {
  const since = events.slice(events.findLastIndex(([, kind]) => kind === 'r') + 1);
  return since
    .filter(([, kind]) => kind === 'o')
    .map(([, , text]) => text)
    .join('')
    .includes('\u001b[2J');
}

test('asciinema-player shows a session at a terminal as our own player does, at each moment', async () => {
  const id = await atTerminal(async (terminal, type) => {
    const prints = async (text: string): Promise<void> => type(`printf '${text}\\n'\r`);
    await prints(String.raw`\e[31mred \e[1mbold\e[0;2mfaint\e[0;3mitalic\e[0;4munder\e[0;9mstrike\e[0;7minverse\e[0m`);
    await prints(
      String.raw`\e[38;5;208mpalette\e[48;5;22mground\e[0m \e[38;2;1;200;3;48;2;40;50;60mtrue\e[97;44mbright\e[0m`,
    );
    await prints(String.raw`汉字 かな 한글 😀 ü\e[59G漢字 goes on`);
    await resized(terminal, type, 40, 10);
    await type('for i in 1 2 3 4 5 6 7; do echo "$i 漢字 a line that does not fit in forty columns any more"; done\r');
    await resized(terminal, type, 70, 14);
    await type('vim -u NONE -i NONE -n -N +"set ruler" notes\r', '0,0-1');
    await type('i', 'INSERT');
    await type('漢字 hello', 'hello');
    terminal.resize(50, 11);
    await type('\u001b:set number\r', /\u001b\[[\d;]*m *1 /);
    await type(':q!\r');
    terminal.type('exit\r');
  });
  const { moments, events, compare } = await bothReaders(id);
  expect(events.filter(([, kind]) => kind === 'r').map(([, , size]) => size)).toEqual(['40x10', '70x14', '50x11']);
  // Output that comes fast shares its moments.
  expect(moments.length).toBeGreaterThan(12);
  for (const seconds of moments) await compare(seconds);
}, 60_000);

test('sequences that reach for more than the screen change neither, and the page does nothing for them', async () => {
  const hostile = [
    String.raw`\e]0;owned\a\e]2;owned\e\\\e]52;c;aGFjaw==\a\e]52;c;?\a\e]8;;http://strange.example/\e\\link\e]8;;\e\\`,
    String.raw`\e[c\e[>c\e[6n\e[5n\e[?2004$p\e[21t\e[14t\e[8;5;20t\005\eP$q"p\e\\\e_apc\e\\\e^pm\e\\\eXsos\e\\strings`,
    String.raw`\x9b31mZ\xff\xc3 \000\177\e[999999999;99999C<\e[1;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20mmany\e[0m`,
    String.raw`<script>alert(1)</script><img src=x onerror=alert(1)>\e]10;#000000\a\e]4;1;#000000\a\e[31mred\e[0m`,
  ];
  const id = await atTerminal(async (_, type) => {
    for (const text of hostile) await type(`printf '${text}\\n'\r`);
    // The session ends with the alternate screen on, in the middle of a string that nothing ends.
    await type(
      String.raw`printf '\e[?1049h\e[2J\e[3;4H\e[44mlast words\e[0m\e]0;never ended'; exit` + '\r',
      'last words',
    );
  });
  const { player, moments, compare } = await bothReaders(id);
  for (const seconds of moments) await compare(seconds);
  expect(await player.title()).toBe('as it was');
  expect(player.complaints).toEqual([]);
}, 60_000);

test('output without a terminal stands line under line in both', async () => {
  const id = await recorded(async (command, env) =>
    runProcess('sshpass', [...command, 'printf "one\\ntwo\\r\\n"; echo three >&2'], { env }),
  );
  const { player, moments, compare } = await bothReaders(id);
  for (const seconds of moments) await compare(seconds);
  const { lines } = await player.screenAt(player.duration);
  const shown = lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .filter((line) => line !== '');
  expect(shown.toSorted()).toEqual(['one', 'three', 'two']);
}, 60_000);
