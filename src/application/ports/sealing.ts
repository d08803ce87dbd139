/**
 * Text that we hand out to be given back: nobody else can read or make it, and nothing of it is kept here. Whether it
 * comes back a second time is for the stream to say that it belongs to.
 */
export interface Sealing {
  /** base64url without padding. */
  seal(purpose: string, text: string): string;
  /** Null unless this installation sealed exactly this for exactly this purpose. */
  open(purpose: string, sealed: string): string | null;
}
