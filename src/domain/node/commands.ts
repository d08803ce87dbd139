export type StartNode = { readonly type: 'start'; readonly bootId: string; readonly version: string };
export type StopNode = { readonly type: 'stop'; readonly bootId: string };
/** Both times in UTC: of the newest event in the log, and of this machine. */
export type RaiseClockAlarm = {
  readonly type: 'raise-clock-alarm';
  readonly newestEventAt: string;
  readonly clockAt: string;
};
/** A directory could not be asked for several rounds; or it was asked for everybody again. */
export type StallSync = { readonly type: 'stall-sync'; readonly provider: string };
export type ResumeSync = { readonly type: 'resume-sync'; readonly provider: string };
export type NodeCommand = StartNode | StopNode | RaiseClockAlarm | StallSync | ResumeSync;
