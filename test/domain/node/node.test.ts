import { test } from 'vitest';
import { clockToleranceMilliseconds, nodeDecider } from '../../../src/domain/node/decider.ts';
import type { NodeEvent } from '../../../src/domain/node/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { time } from '../kit/ids.ts';

const given = deciderSpec(nodeDecider);
const started = (bootId: string): NodeEvent => ({ type: 'NodeStarted', data: { bootId, version: '0.1.0' } });
const stopped = (bootId: string): NodeEvent => ({ type: 'NodeStopped', data: { bootId } });
const start = (bootId: string) => ({ type: 'start', bootId, version: '0.1.0' }) as const;
const stop = (bootId: string) => ({ type: 'stop', bootId }) as const;

test('a boot starts once', () => {
  given().when(start('a')).thenEvents(started('a'));
  given(started('a')).when(start('a')).thenNothing();
  given(started('a'), stopped('a')).when(start('a')).thenRejected('boot-over');
});
test('the next boot starts after a stop or a crash', () => {
  given(started('a')).when(start('b')).thenEvents(started('b'));
  given(started('a'), stopped('a')).when(start('b')).thenEvents(started('b'));
});
test('a boot that runs is stopped once', () => {
  given(started('a')).when(stop('a')).thenEvents(stopped('a'));
  given(started('a'), stopped('a')).when(stop('a')).thenNothing();
  given().when(stop('a')).thenRejected('not-running');
  given(started('a'), started('b')).when(stop('a')).thenRejected('not-running');
  given(started('a'), stopped('a')).when(stop('b')).thenRejected('not-running');
});
test('a log ahead of the clock raises one alarm', () => {
  const alarm = { newestEventAt: time(clockToleranceMilliseconds + 1), clockAt: time() };
  const raised: NodeEvent = { type: 'ClockAlarmRaised', data: alarm };
  given(started('a'))
    .when({ type: 'raise-clock-alarm', ...alarm })
    .thenEvents(raised);
  given(started('a'), raised)
    .when({ type: 'raise-clock-alarm', ...alarm, clockAt: time(1) })
    .thenNothing();
  given(started('a'), raised, stopped('a'), started('b'))
    .when({ type: 'raise-clock-alarm', ...alarm })
    .thenNothing();
  given(started('a'))
    .when({ type: 'raise-clock-alarm', newestEventAt: time(clockToleranceMilliseconds), clockAt: time() })
    .thenRejected('clock-agrees');
});

test('a directory that cannot be asked is noted once a boot, until it can', () => {
  const data = { provider: 'corp' };
  const stalled: NodeEvent = { type: 'DirectorySyncStalled', data };
  const resumed: NodeEvent = { type: 'DirectorySyncResumed', data };
  const [stall, resume] = [{ type: 'stall-sync', ...data } as const, { type: 'resume-sync', ...data } as const];
  given(started('a')).when(stall).thenEvents(stalled);
  given(started('a'), stalled).when(stall).thenNothing();
  given(started('a'), stalled)
    .when({ type: 'stall-sync', provider: 'other' })
    .thenEvents({
      type: 'DirectorySyncStalled',
      data: { provider: 'other' },
    });
  given(started('a')).when(resume).thenNothing();
  given(started('a'), stalled).when(resume).thenEvents(resumed);
  given(started('a'), stalled, resumed).when(stall).thenEvents(stalled);
  given(started('a'), stalled, started('b')).when(stall).thenEvents(stalled);
});
