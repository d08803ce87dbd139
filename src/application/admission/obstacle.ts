/** What a list says stands against an account: what it is, and what the person can do or whom to ask. */
export interface Obstacle {
  readonly reason: string;
  readonly advice: string;
}
