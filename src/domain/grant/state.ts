import type { PassId } from '../kernel/ids.ts';
import type { DeviceGrantApproved } from './events.ts';

export type GrantState =
  | { readonly status: 'absent' }
  | { readonly status: 'approved'; readonly grant: DeviceGrantApproved['data'] }
  | { readonly status: 'denied' }
  | { readonly status: 'used'; readonly passId: PassId };
