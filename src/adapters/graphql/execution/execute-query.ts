import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { executeFields } from './execute-fields.ts';
import { isPromise } from './failure.ts';
import type { Plan, Run } from './place.ts';
import { planOf } from './plan.ts';

type Result = ExecutionResult | Promise<ExecutionResult>;

/**
 * Executes queries by a plan that is made once for a document, several times faster than by walking the document for every
 * row. What has no plan and what the variables don't fit goes to `others`, which executes everything. The data are the
 * same; errors from below a place that became null may be more than there (GraphQL, 6.4.4), and no field may give an
 * asynchronous iterable.
 */
export function queryExecutor<Other>(others: (args: ExecutionArgs) => Other): (args: ExecutionArgs) => Result | Other {
  const plans = new WeakMap<OperationDefinitionNode, Plan | null>();
  const planFor = (args: ExecutionArgs, document: DocumentNode): Plan | null => {
    const operation = getOperationAST(document, args.operationName);
    if (!operation) return null;
    const known = plans.get(operation);
    if (known !== undefined && (known === null || known.schema === args.schema)) return known;
    const plan = planOf(args.schema, document, operation);
    plans.set(operation, plan);
    return plan;
  };
  return (args) => {
    const plan = planFor(args, args.document);
    if (plan === null) return others(args);
    const wanted = plan.operation.variableDefinitions ?? [];
    const { variableValues: variables } = getVariableValues(args.schema, wanted, args.variableValues ?? {});
    if (variables === undefined) return others(args);
    return answered({ plan, context: args.contextValue, variables, errors: [] });
  };
}

function answered(run: Run): Result {
  const whole = (data: Record<string, unknown> | null): ExecutionResult =>
    run.errors.length === 0 ? { data } : { errors: run.errors, data };
  const nothing = (error: unknown): ExecutionResult => {
    run.errors.push(error as Run['errors'][number]);
    return whole(null);
  };
  try {
    const data = executeFields(run, run.plan.root, undefined, undefined);
    return isPromise(data) ? data.then(whole, nothing) : whole(data);
  } catch (error) {
    return nothing(error);
  }
}
