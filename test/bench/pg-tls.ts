// pgbench -S in the simple protocol, recorded, against PgBouncer in session mode with TLS on both legs, as ours always has
// it: npm run bench -- pg-tls [SECONDS]. Beside it: ours with `recording: strict`.
import { comparePgbench } from './kit/compare-pgbench.ts';

await comparePgbench({ name: 'pg-tls', peer: 'tls', others: ['strict'], protocol: 'simple' });
