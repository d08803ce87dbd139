/** For what a timer or a promise calls: a throw there would end the whole process, and with it everybody's sessions. */
export function guarded(act: () => unknown, failed: () => void): void {
  try {
    act();
  } catch {
    failed();
  }
}
