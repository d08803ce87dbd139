import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { EndToEndFirst } from './test/kit/end-to-end-first.ts';

// With full counts (npm run test:deep) a test may take as long as it takes, within reason.
const deep = process.env.SALLYPORT_TEST_DEEP === '1';

// Hundreds of processes start the same product: what Node has compiled once (types taken out too) is not compiled again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/node');

export default defineConfig({
  // Packages are found as Node finds them: with Vite's own `development` condition there would be two copies of graphql.
  // Workers get these for `require` as well: with `import` among them, CommonJS would be given ES modules (pg breaks).
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: deep ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: EndToEndFirst },
  },
});
