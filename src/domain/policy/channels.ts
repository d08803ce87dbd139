/** Which way files may go: `upload` is towards the target. */
export const fileDirections = ['both', 'upload', 'download', 'none'] as const;
export type FileDirections = (typeof fileDirections)[number];

/** What an entitlement opens inside one SSH connection (security rule S5). */
export interface SshChannels {
  readonly shell: boolean;
  readonly exec: boolean;
  /** SFTP, scp and rsync. */
  readonly files: FileDirections;
  /** Longest file in bytes; null: any. */
  readonly maxFileBytes: number | null;
  /** Where local forwarding may lead: `host:port`, compared as written but for the case of the host. */
  readonly forward: readonly string[];
  /** Environment variables that reach the target; a `*` at the end stands for any rest. */
  readonly env: readonly string[];
  /** Whether what the person types is recorded too; never while the target does not echo it. */
  readonly typed: boolean;
}

/** What an entitlement that says nothing about channels opens. */
export const defaultSshChannels: SshChannels = {
  shell: true,
  exec: true,
  files: 'both',
  maxFileBytes: null,
  forward: [],
  env: [],
  typed: false,
};
