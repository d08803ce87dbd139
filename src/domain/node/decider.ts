import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { millisecondsBetween } from '../kernel/time.ts';
import type { NodeCommand, RaiseClockAlarm, ResumeSync, StallSync, StartNode, StopNode } from './commands.ts';
import type { NodeEvent } from './events.ts';
import type { NodeState } from './state.ts';

export type NodeCode = 'boot-over' | 'not-running' | 'clock-agrees';
type NodeDecision = Decision<NodeEvent, NodeCode>;

/** So far the log may be ahead of this machine's clock before an alarm is raised. */
export const clockToleranceMilliseconds = 30_000;

/** A start while another boot runs is a start after a crash. */
function start({ bootId, version }: StartNode, state: NodeState): NodeDecision {
  if (state.status === 'stopped' && state.bootId === bootId) {
    return reject('boot-over', 'this boot was stopped; a new start needs a new boot id');
  }
  if (state.status === 'running' && state.bootId === bootId) return accept();
  return accept({ type: 'NodeStarted', data: { bootId, version } });
}

function stop({ bootId }: StopNode, state: NodeState): NodeDecision {
  if (state.bootId !== bootId) {
    return reject('not-running', 'this boot does not run on this node; nothing was stopped');
  }
  if (state.status === 'stopped') return accept();
  return accept({ type: 'NodeStopped', data: { bootId } });
}

function raiseClockAlarm({ newestEventAt, clockAt }: RaiseClockAlarm, state: NodeState): NodeDecision {
  if (state.alarmedAt === newestEventAt) return accept();
  if (millisecondsBetween(clockAt, newestEventAt) <= clockToleranceMilliseconds) {
    return reject('clock-agrees', 'the newest event is not more than 30 s ahead of the clock: no alarm');
  }
  return accept({ type: 'ClockAlarmRaised', data: { newestEventAt, clockAt } });
}

function noteSync({ type, provider }: StallSync | ResumeSync, { stalled }: NodeState): NodeDecision {
  if (stalled.includes(provider) === (type === 'stall-sync')) return accept();
  return accept({ type: type === 'stall-sync' ? 'DirectorySyncStalled' : 'DirectorySyncResumed', data: { provider } });
}

function decide(command: NodeCommand, state: NodeState): NodeDecision {
  switch (command.type) {
    case 'start':
      return start(command, state);
    case 'stop':
      return stop(command, state);
    case 'raise-clock-alarm':
      return raiseClockAlarm(command, state);
    case 'stall-sync':
    case 'resume-sync':
      return noteSync(command, state);
  }
}

function evolve(state: NodeState, event: NodeEvent): NodeState {
  switch (event.type) {
    case 'NodeStarted':
      return { ...state, status: 'running', bootId: event.data.bootId, stalled: [] };
    case 'NodeStopped':
      return { ...state, status: 'stopped', bootId: event.data.bootId };
    case 'ClockAlarmRaised':
      return { ...state, alarmedAt: event.data.newestEventAt };
    case 'DirectorySyncStalled':
      return { ...state, stalled: [...state.stalled, event.data.provider] };
    case 'DirectorySyncResumed':
      return { ...state, stalled: state.stalled.filter((provider) => provider !== event.data.provider) };
  }
}

/** A process that runs proxies: what an earlier boot left open, the next one closes. */
export const nodeDecider: Decider<NodeState, NodeCommand, NodeEvent, NodeCode> = {
  initial: { status: 'absent', bootId: null, alarmedAt: null, stalled: [] },
  decide,
  evolve,
};
