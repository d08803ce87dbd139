const names: Readonly<Record<string, string>> = { ssh: 'SSH', postgres: 'PostgreSQL', mysql: 'MySQL', rdp: 'RDP' };

/** A protocol as people write it. */
export function protocolName(protocol: string): string {
  return names[protocol] ?? protocol;
}

/** Those that have a door. */
export const openProtocols = ['ssh', 'postgres'] as const;
export type OpenProtocol = (typeof openProtocols)[number];
