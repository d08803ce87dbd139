/** Local passwords (argon2id). `verify` does the same work for a null hash, so that unknown users look like known ones. */
export interface Passwords {
  /** A PHC string. */
  hash(password: string): Promise<string>;
  verify(hash: string | null, password: string): Promise<boolean>;
}
