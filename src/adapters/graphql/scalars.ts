import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

const notAnInput = (): never => {
  throw new GraphQLError('This scalar is for answers only.');
};

builder.scalarType('DateTime', {
  description: 'A moment as ISO 8601 with a zone; answers are UTC with milliseconds, `2026-01-02T03:04:05.678Z`.',
  serialize: (value) => value,
  parseValue: (value) => {
    const zoned =
      typeof value === 'string' &&
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(value);
    const time = zoned ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time)) throw new GraphQLError('A DateTime is ISO 8601 with a zone, such as 2026-01-02T03:04:05Z.');
    return new Date(time).toISOString();
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
});

builder.scalarType('Count', {
  description: 'A whole number up to 2^53, such as a number of bytes.',
  serialize: (value) => value,
  parseValue: notAnInput,
});
