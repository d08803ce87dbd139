/** What somebody opens, or asks for, within a session. */
export type ChannelKind =
  | 'shell'
  | 'exec'
  | 'sftp'
  | 'subsystem'
  | 'direct-tcpip'
  | 'forwarded-tcpip'
  | 'agent'
  | 'x11'
  | 'streamlocal'
  | 'env'
  | 'database'
  | 'other';
