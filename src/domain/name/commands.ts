import type { StreamId } from '../kernel/ids.ts';
import type { NameReleased } from './events.ts';

export type ReserveName = { readonly type: 'reserve'; readonly kind: string; readonly holder: StreamId };
/** `orphaned`: reserved, but the holder was never made. */
export type ReleaseName = {
  readonly type: 'release';
  readonly holder: StreamId;
  readonly reason: NameReleased['data']['reason'];
};
export type NameCommand = ReserveName | ReleaseName;
