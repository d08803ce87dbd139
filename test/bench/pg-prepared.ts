// pgbench -S with prepared statements, recorded, against PgBouncer in session mode: npm run bench -- pg-prepared [SECONDS]
// TLS is on both of our legs, as always; the peer has none. Beside it: PgBouncer with TLS, and ours with `recording: strict`.
import { comparePgbench } from './kit/compare-pgbench.ts';

await comparePgbench({ name: 'pg-prepared', peer: 'plain', others: ['tls', 'strict'], protocol: 'prepared' });
