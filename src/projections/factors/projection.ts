import type { FactorRow } from '../../application/ports/read-models.ts';
import type { FactorEvent } from '../../domain/factor/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';

/**
 * The second factors of people, removed ones too. What proves one is in its stream and in custody, not here. The label is
 * personal, so that it is read from the log itself (`factorLabel`).
 */
export const factors = defineView<FactorRow, FactorEvent>({
  name: 'factors',
  version: 2,
  key: 'factorId',
  columns: {
    factorId: 'text',
    userId: 'text',
    kind: 'text',
    codes: 'integer',
    spent: 'integer',
    enrolledAt: 'text',
    lastUsedAt: 'text',
    removed: 'integer',
    version: 'integer',
  },
  indexes: [['userId']],
  rowPer: 'stream',
  handles: ['FactorEnrolled', 'FactorUsed', 'FactorRemoved'],
  keys: (event) => (isStreamIdOf('factor', event.stream) ? [event.stream] : []),

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    const { streamVersion: version } = event;
    switch (event.type) {
      case 'FactorEnrolled': {
        if (!isStreamIdOf('factor', key)) return undefined;
        const { userId, factor } = event.data;
        const codes = factor.kind === 'recovery' ? factor.codes : null;
        const unused = { spent: 0, lastUsedAt: null, removed: 0 };
        const enrolledAt = event.metadata.at;
        return { factorId: key, userId, kind: factor.kind, codes, enrolledAt, ...unused, version };
      }
      case 'FactorUsed': {
        const spent = event.data.use.kind === 'recovery' ? 1 : 0;
        return row && { ...row, lastUsedAt: event.metadata.at, spent: row.spent + spent, version };
      }
      case 'FactorRemoved':
        return row && { ...row, removed: 1, version };
    }
  },
});
