import { readdirSync, readFileSync } from 'node:fs';

/** The pids of all processes below `pid`, children before grandchildren. Linux only: it reads /proc. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const parent = parentOf(entry);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found: number[] = [];
  for (let level = children.get(pid) ?? []; level.length > 0; level = level.flatMap((p) => children.get(p) ?? [])) {
    found.push(...level);
  }
  return found;
}

/** Kills `pid` and all below it at once; those that have ended meanwhile are no error. */
export function killTree(pid: number): void {
  // Listed before the first kill: what loses its parent is handed to init and would not be found any more.
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function parentOf(entry: string): number | undefined {
  if (!/^\d+$/.test(entry)) return undefined;
  try {
    // The name in brackets may hold spaces and brackets itself: the fields are counted from the last one.
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
