/** What this process has computed so far, in milliseconds: other work of the machine does not count, as it does by a clock. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
