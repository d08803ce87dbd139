import { writeFileSync } from 'node:fs';
import { schemaText } from '../adapters/graphql/schema.ts';

// npm run schema: the GraphQL schema in the file that clients and the test of the schema read.
writeFileSync(new URL('../../schema.graphql', import.meta.url), schemaText());
