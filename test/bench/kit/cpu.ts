import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, on every machine that there is. */
const ticksPerSecond = 100;

/** Seconds of processor time of a process so far, with all its threads: its own and the kernel's for it. */
export function cpuSeconds(pid: number): { readonly user: number; readonly system: number } {
  // The name of the program may hold blanks; it ends with the last bracket (proc(5)).
  const line = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) / ticksPerSecond, system: Number(fields[12]) / ticksPerSecond };
}
