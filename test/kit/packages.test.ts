import pg from 'pg';
import { expect, test } from 'vitest';

test('a package that has both forms is given to require as CommonJS, so that pg can be used inside a test', () => {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 });
  expect(client).toMatchObject({ host: '127.0.0.1', port: 1 });
});
