/** The command was called wrongly; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server or this program said no; exit code 1. `details` are printed on lines of their own. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
