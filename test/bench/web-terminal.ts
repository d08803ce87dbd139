// Output on a terminal, and the echo of a key: a page over its WebSocket against the native client through the same proxy:
// npm run bench -- web-terminal [MIB]
import { compare } from './kit/compare.ts';
import { onSshPaths } from './kit/ssh-paths.ts';
import { openWebPage } from './kit/web-page.ts';

const bytes = Number(process.argv[2] ?? 100) * 1_048_576;
const keys = 300;

interface Shell {
  readonly got: number;
  readonly tail: string;
  type(text: string): void;
  until(fits: () => boolean): Promise<void>;
}

let runs = 0;

/** Megabytes a second, from the key that starts it to the word behind the last byte. */
async function output(shell: Shell): Promise<number> {
  runs += 1;
  const word = `done-${String(runs)}.`;
  const from = performance.now();
  const before = shell.got;
  shell.type(`head -c ${String(bytes)} /dev/zero | tr '\\0' x; echo do''ne-${String(runs)}.\n`);
  await shell.until(() => shell.tail.includes(word));
  const milliseconds = performance.now() - from;
  await shell.until(() => shell.tail.endsWith('$ '));
  return (shell.got - before) / 1e6 / (milliseconds / 1_000);
}

/** The 99th percentile of the time from a key to its echo, in milliseconds. */
async function echo(shell: Shell): Promise<number> {
  const times: number[] = [];
  for (let key = 0; key < keys; key += 1) {
    const before = shell.got;
    const from = performance.now();
    shell.type('x');
    await shell.until(() => shell.got > before);
    times.push(performance.now() - from);
  }
  // Not Ctrl-C: after that bash shows no prompt now and then.
  shell.type('\n');
  await shell.until(() => shell.tail.endsWith('$ '));
  return times.toSorted((a, b) => a - b)[Math.floor(keys * 0.99)] ?? 0;
}

await onSshPaths(async ({ product, startOurs }) => {
  const running = startOurs(['-tt'], '');
  let got = 0;
  let tail = '';
  let waiting: { readonly fits: () => boolean; readonly resolve: () => void } | undefined;
  running.child.stdout?.on('data', (data: Buffer) => {
    got += data.length;
    tail = (tail + data.subarray(-200).toString('latin1')).slice(-400);
    if (waiting?.fits() === true) {
      waiting.resolve();
      waiting = undefined;
    }
  });
  const native: Shell = {
    get got() {
      return got;
    },
    get tail() {
      return tail;
    },
    type: (text) => void running.child.stdin?.write(text),
    until: async (fits) => {
      if (!fits()) await new Promise<void>((resolve) => (waiting = { fits, resolve }));
    },
  };
  await native.until(() => got > 0);
  const page = await openWebPage(product, 'box');
  const p99: { readonly ours: number[]; readonly peer: number[] } = { ours: [], peer: [] };
  const measured = async (shell: Shell, times: number[]): Promise<number> => {
    times.push(await echo(shell));
    return await output(shell);
  };
  const middle = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
  await compare({
    name: 'web-terminal',
    unit: 'MB/s',
    rounds: 5,
    ours: () => measured(page, p99.ours),
    peer: () => measured(native, p99.peer),
    more: () => ({
      echoP99: Number(middle(p99.ours).toFixed(2)),
      peerEchoP99: Number(middle(p99.peer).toFixed(2)),
      echoRatio: Number((middle(p99.ours) / middle(p99.peer)).toFixed(2)),
    }),
  });
  page.close();
  running.child.kill();
});
