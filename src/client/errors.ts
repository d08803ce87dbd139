/** The command was called wrongly; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server or this program said no; exit code 1. `details` are printed on lines of their own. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly details: readonly string[];
  /** The server's word for why; null where it gave none. */
  readonly code: string | null;

  constructor(message: string, details: readonly string[] = [], code: string | null = null) {
    super(message);
    this.details = details;
    this.code = code;
  }
}

/** The answer to `asked`; when the person's roles do not permit it, `Refused` with `needed` for the API's own words. */
export async function permitted<T>(asked: Promise<T>, needed: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refused && error.message.startsWith('Your roles do not permit ')) throw new Refused(needed);
    throw error;
  }
}
