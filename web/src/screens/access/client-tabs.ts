/** A tab of the connect drawer: the ways whose clients belong together. */
export interface ClientTab<Way> {
  readonly id: string;
  readonly title: string;
  readonly ways: readonly Way[];
}

/** The certificate of the installation is needed by each client of a database. */
const tabs: readonly { readonly id: string; readonly title: string; readonly clients: readonly string[] }[] = [
  { id: 'openssh', title: 'OpenSSH', clients: ['ssh', 'ssh-config', 'scp', 'sftp'] },
  { id: 'putty', title: 'PuTTY', clients: ['putty', 'plink'] },
  { id: 'psql', title: 'psql', clients: ['psql', 'ca', 'pg-service'] },
  { id: 'dbeaver', title: 'DBeaver', clients: ['dbeaver', 'ca'] },
  { id: 'drivers', title: 'Drivers', clients: ['uri', 'jdbc', 'ca'] },
];

/** The tabs that have something, in their order; a client that none of them knows stands in one of its own. */
export function clientTabs<Way extends { readonly client: string }>(ways: readonly Way[]): readonly ClientTab<Way>[] {
  const known = new Set(tabs.flatMap(({ clients }) => clients));
  const others = ways.filter(({ client }) => !known.has(client));
  const grouped = tabs.map(({ id, title, clients }) => ({
    id,
    title,
    ways: clients.flatMap((client) => ways.filter((way) => way.client === client)),
  }));
  return [...grouped, { id: 'others', title: 'Others', ways: others }].filter((tab) =>
    tab.ways.some(({ client }) => client !== 'ca'),
  );
}
