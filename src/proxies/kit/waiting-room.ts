/** How far a connection has got before its login; each protocol numbers its own steps upwards from 0. */
export interface Guest {
  readonly source: string;
  readonly step: number;
  /** Milliseconds on any clock, when it reached that step. */
  readonly since: number;
}

/** Who has got least far, and of those who has stood there longest: the first to go when there is no room. */
export function leastFar<G extends Guest>(guests: Iterable<G>): G | undefined {
  let worst: G | undefined;
  for (const guest of guests) {
    if (worst === undefined || guest.step < worst.step || (guest.step === worst.step && guest.since < worst.since)) {
      worst = guest;
    }
  }
  return worst;
}
