// pgbench -S -C: a connection for each transaction: npm run bench -- pg-connect [SECONDS]
// Ours is a session each time: its token proven, admitted, logged, recorded, and a connection of its own to the database, which
// PgBouncer has open already. The peer has TLS on both legs; beside it: PgBouncer without.
import { comparePgbench } from './kit/compare-pgbench.ts';

await comparePgbench({ name: 'pg-connect', peer: 'tls', others: ['plain'], protocol: 'simple', connects: true });
