/**
 * What policy asks of a session's recording. `required`: no recording, no session. `strict`: as required, and synced to
 * the disk before bytes pass. `preferred`: record when it can be written. `off`: nothing is recorded.
 */
export const recordingDuties = ['required', 'strict', 'preferred', 'off'] as const;
export type RecordingDuty = (typeof recordingDuties)[number];
