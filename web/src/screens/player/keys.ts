/** What a key does while the player has the focus. */
export type PlayerKey =
  | 'toggle'
  | 'back'
  | 'on'
  | 'far-back'
  | 'far-on'
  | 'slower'
  | 'faster'
  | 'previous'
  | 'next'
  | 'previous-hit'
  | 'next-hit'
  | 'idle'
  | 'wall-clock'
  | 'live'
  | 'search'
  | 'leave-search'
  | 'start'
  | 'end'
  | 'link'
  | 'help';

/** Shown behind `?`, in this order. */
export const keyMap: readonly (readonly [keys: readonly string[], does: PlayerKey, text: string])[] = [
  [['Space', 'k'], 'toggle', 'Play or pause'],
  [['←'], 'back', '5 seconds back'],
  [['→'], 'on', '5 seconds on'],
  [['Shift ←'], 'far-back', '1 minute back'],
  [['Shift →'], 'far-on', '1 minute on'],
  [['Home'], 'start', 'To the start'],
  [['End'], 'end', 'To the end'],
  [['<'], 'slower', 'Slower'],
  [['>'], 'faster', 'Faster'],
  [['['], 'previous', 'To the event before'],
  [[']'], 'next', 'To the next event'],
  [['f'], 'search', 'Search; in the field Enter and Shift Enter lead from hit to hit, Escape leaves it'],
  [['p'], 'previous-hit', 'To the hit before'],
  [['n'], 'next-hit', 'To the next hit'],
  [['i'], 'idle', 'Skip what is idle, or not'],
  [['w'], 'wall-clock', 'Time of day, or time since the start'],
  [['l'], 'live', 'To what happens now'],
  [['c'], 'link', 'Copy a link to this moment'],
  [['?'], 'help', 'Show these keys'],
];

const byKey: ReadonlyMap<string, PlayerKey> = new Map(
  keyMap.flatMap(([keys, does]) =>
    keys.map((key) => [key.replace('←', 'ArrowLeft').replace('→', 'ArrowRight'), does] as const),
  ),
);

/** Undefined for keys that belong to somebody else: the browser, a field, a button that has the focus. */
export function playerKeyOf(event: KeyboardEvent): PlayerKey | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return undefined;
  const { target } = event;
  if (target instanceof HTMLElement) {
    if (target.matches('input[type=search]')) return inSearch(event);
    if (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')) return undefined;
    if (event.key === ' ' && target.closest('button, a, [role=tab], input') !== null) return undefined;
    if (
      target.closest('[role=tablist], [role=slider], [role=listbox], [role=dialog]') !== null &&
      event.key.length > 1
    ) {
      return undefined;
    }
  }
  const name = event.key === ' ' ? 'Space' : event.key;
  const arrow = event.shiftKey && name.startsWith('Arrow') ? `Shift ${name}` : name;
  return byKey.get(arrow);
}

/** All other keys are text. */
function inSearch({ key, shiftKey }: KeyboardEvent): PlayerKey | undefined {
  if (key === 'Enter') return shiftKey ? 'previous-hit' : 'next-hit';
  return key === 'Escape' ? 'leave-search' : undefined;
}

/** Times the real speed. */
export const speeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

export function speedBeside(speed: number, step: -1 | 1): number {
  const place = speeds.findIndex((one) => one === speed);
  return speeds[place + step] ?? speed;
}
