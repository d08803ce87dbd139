export interface DiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** More than this many lines on both sides are shown as wholly other: comparing takes their product. */
const most = 1_500;

/** What becomes of a text, line by line (longest common subsequence). */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const old = linesOf(before);
  const next = linesOf(after);
  if (old.length > most || next.length > most) return [...signed('-', old), ...signed('+', next)];
  const lengths = commonLengths(old, next);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < next.length) {
    if (old[i] === next[j]) {
      lines.push({ sign: ' ', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) {
      lines.push({ sign: '-', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ sign: '+', text: next[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...signed('-', old.slice(i)), ...signed('+', next.slice(j))];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function signed(sign: '+' | '-', lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** `[i][j]`: how many lines the rests from `i` and from `j` on have in common. */
function commonLengths(old: readonly string[], next: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []];
    for (let j = next.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === next[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
