import { defaultFieldResolver, getArgumentValues } from 'graphql';
import { failed, isPromise, settled } from './failure.ts';
import { type Path, Place, type PlannedField, type Run } from './place.ts';

type Answer = Record<string, unknown>;

const noArguments = Object.freeze({});

/** The fields of one object, side by side (GraphQL, 6.3). */
export function executeFields(
  run: Run,
  fields: readonly PlannedField[],
  source: unknown,
  path: Path | undefined,
): Answer | Promise<Answer> {
  const answer: Answer = {};
  let pending: Promise<unknown>[] | undefined;
  try {
    for (const field of fields) {
      const text = field.text === null ? null : (source as Answer)[field.text];
      if (typeof text === 'string') {
        answer[field.key] = text;
        continue;
      }
      const value = executeField(new Place(run, field, path), source);
      answer[field.key] = value;
      if (!isPromise(value)) continue;
      (pending ??= []).push(putLater(answer, field.key, value));
    }
  } catch (error) {
    return settled(pending ?? [], error);
  }
  return pending === undefined ? answer : Promise.all(pending).then(() => answer);
}

// What makes a function stands by itself: most fields have their value at once, and need none made.
async function putLater(answer: Answer, key: string, value: Promise<unknown>): Promise<void> {
  answer[key] = await value;
}

async function completeLater(place: Place, value: Promise<unknown>): Promise<unknown> {
  return place.field.complete(place, await value, null);
}

async function caught(place: Place, completed: Promise<unknown>): Promise<unknown> {
  try {
    return await completed;
  } catch (error) {
    return failed(place, place.returnType, null, error);
  }
}

function executeField(place: Place, source: unknown): unknown {
  const { definition, nodes, complete } = place.field;
  try {
    const { run } = place;
    const args = definition.args.length === 0 ? noArguments : getArgumentValues(definition, nodes[0], run.variables);
    const value: unknown = (definition.resolve ?? defaultFieldResolver)(source, args, run.context, place);
    const completed = isPromise(value) ? completeLater(place, value) : complete(place, value, null);
    return isPromise(completed) ? caught(place, completed) : completed;
  } catch (error) {
    return failed(place, definition.type, null, error);
  }
}
