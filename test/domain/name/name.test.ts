import { test } from 'vitest';
import { nameDecider } from '../../../src/domain/name/decider.ts';
import type { NameEvent } from '../../../src/domain/name/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id } from '../kit/ids.ts';

const given = deciderSpec(nameDecider);
const [ann, ben] = [id('user', 1), id('user', 2)];
const reserved: NameEvent = { type: 'NameReserved', data: { kind: 'User', holder: ann } };
const released: NameEvent = { type: 'NameReleased', data: { holder: ann, reason: 'removed' } };

test('a free name is reserved, for the same holder once', () => {
  given().when({ type: 'reserve', kind: 'User', holder: ann }).thenEvents(reserved);
  given(reserved).when({ type: 'reserve', kind: 'User', holder: ann }).thenNothing();
});
test('a name that another one holds is taken', () => {
  given(reserved).when({ type: 'reserve', kind: 'User', holder: ben }).thenRejected('name-taken');
});
test('only its holder releases a name, once', () => {
  given(reserved).when({ type: 'release', holder: ben, reason: 'removed' }).thenRejected('not-holder');
  given(reserved).when({ type: 'release', holder: ann, reason: 'removed' }).thenEvents(released);
  given(reserved, released).when({ type: 'release', holder: ann, reason: 'removed' }).thenNothing();
  given().when({ type: 'release', holder: ann, reason: 'orphaned' }).thenNothing();
});
test('a released name is free again', () => {
  given(reserved, released)
    .when({ type: 'reserve', kind: 'User', holder: ben })
    .thenEvents({ type: 'NameReserved', data: { kind: 'User', holder: ben } });
});
