import type { EventSchema } from './event.ts';

/**
 * Data of an event as stored in version `from`, in the shape of today. Pure.
 * Errors: `RangeError` when this program does not know the version or lacks a step.
 */
export function upcast(
  schema: EventSchema,
  from: number,
  data: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!Number.isInteger(from) || from < 1 || from > schema.version) {
    throw new RangeError(`schema version ${from} is none that this program knows`);
  }
  let current: Record<string, unknown> = data;
  for (let version = from; version < schema.version; version += 1) {
    const step = schema.upcasts?.[version];
    if (step === undefined) throw new RangeError(`there is no upcast from schema version ${version}`);
    current = step(current);
  }
  return current;
}
