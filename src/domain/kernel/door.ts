/** The doors at which a person shows who they are. */
export const doors = ['web', 'cli', 'ssh', 'rdp', 'postgres', 'mysql'] as const;
export type Door = (typeof doors)[number];

/** The protocols of targets, which are also the doors of the proxies. */
export const protocols = ['ssh', 'rdp', 'postgres', 'mysql'] as const;
export type Protocol = (typeof protocols)[number];
