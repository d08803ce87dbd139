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
  const pending: Promise<unknown>[] = [];
  try {
    for (const field of fields) {
      const value = executeField(new Place(run, field, path), source);
      answer[field.key] = value;
      if (!isPromise(value)) continue;
      pending.push(
        value.then((one) => {
          answer[field.key] = one;
        }),
      );
    }
  } catch (error) {
    return settled(pending, error);
  }
  return pending.length === 0 ? answer : Promise.all(pending).then(() => answer);
}

function executeField(place: Place, source: unknown): unknown {
  const { definition, nodes, complete } = place.field;
  const caught = (error: unknown): null => failed(place, definition.type, null, error);
  try {
    const { run } = place;
    const args = definition.args.length === 0 ? noArguments : getArgumentValues(definition, nodes[0], run.variables);
    const value: unknown = (definition.resolve ?? defaultFieldResolver)(source, args, run.context, place);
    const completed = isPromise(value) ? value.then((one) => complete(place, one, null)) : complete(place, value, null);
    return isPromise(completed) ? completed.then(undefined, caught) : completed;
  } catch (error) {
    return caught(error);
  }
}
