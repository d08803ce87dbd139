/** What one check of `doctor` found. `mend` says what to do; null when nothing is to be done. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly mend: string | null;
}

export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message, mend: null };
}

export function warning(check: string, message: string, mend: string): Finding {
  return { check, state: 'warning', message, mend };
}

export function problem(check: string, message: string, mend: string): Finding {
  return { check, state: 'problem', message, mend };
}
