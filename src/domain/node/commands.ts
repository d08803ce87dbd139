export type StartNode = { readonly type: 'start'; readonly bootId: string; readonly version: string };
export type StopNode = { readonly type: 'stop'; readonly bootId: string };
/** Both times in UTC: of the newest event in the log, and of this machine. */
export type RaiseClockAlarm = {
  readonly type: 'raise-clock-alarm';
  readonly newestEventAt: string;
  readonly clockAt: string;
};
export type NodeCommand = StartNode | StopNode | RaiseClockAlarm;
