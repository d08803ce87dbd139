import { refused } from '../application/commands/passes.ts';
import type { Refused } from '../application/ports/viewer.ts';
import { kinds } from '../application/resources/kinds.ts';
import { visibleText } from '../domain/kernel/visible-text.ts';

export function unknownKind(name: string): Refused {
  return refused('absent-kind', `there is no kind ${visibleText(name)}; the kinds are ${kinds.join(', ')}`);
}
