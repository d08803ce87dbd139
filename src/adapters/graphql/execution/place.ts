import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  VariableValues,
} from 'graphql';
export type Path = GraphQLResolveInfo['path'];

/** From what a resolver gave to what the answer holds (GraphQL, 6.4.3). `path`: null for the field itself. */
export type Complete = (place: Place, value: unknown, path: Path | null) => unknown;

/** One field of an answer, with all that can be known of it before there are variables and values. */
export interface PlannedField {
  /** Its name in the answer. */
  readonly key: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly complete: Complete;
  /** The property of the object that is this field whenever it is text; null: a resolver has to be asked. */
  readonly text: string | null;
}

/** What is asked of an object: which fields, once its type is known. */
export interface Selection {
  fieldsOf(type: GraphQLObjectType): readonly PlannedField[];
}

/** One operation of a document, thought through once for all who ask it. It holds nothing of anybody who does. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly root: readonly PlannedField[];
}

/** One answer in the making. */
export interface Run {
  readonly plan: Plan;
  readonly context: unknown;
  readonly variables: VariableValues;
  readonly errors: GraphQLError[];
}

/** A field of one object of an answer, as resolvers are told of it. Its path is made when somebody asks. */
export class Place implements GraphQLResolveInfo {
  readonly run: Run;
  readonly field: PlannedField;
  readonly #above: Path | undefined;
  #path: Path | undefined;

  constructor(run: Run, field: PlannedField, above: Path | undefined) {
    this.run = run;
    this.field = field;
    this.#above = above;
  }

  get path(): Path {
    const { key, parentType } = this.field;
    return (this.#path ??= { prev: this.#above, key, typename: parentType.name });
  }

  get fieldName(): string {
    return this.field.definition.name;
  }

  get fieldNodes(): PlannedField['nodes'] {
    return this.field.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.field.definition.type;
  }

  get parentType(): GraphQLObjectType {
    return this.field.parentType;
  }

  get schema(): GraphQLSchema {
    return this.run.plan.schema;
  }

  get fragments(): Record<string, FragmentDefinitionNode> {
    return this.run.plan.fragments;
  }

  get rootValue(): unknown {
    return undefined;
  }

  get operation(): OperationDefinitionNode {
    return this.run.plan.operation;
  }

  get variableValues(): VariableValues {
    return this.run.variables;
  }

  getAbortSignal(): undefined {
    return undefined;
  }

  getAsyncHelpers(): ReturnType<GraphQLResolveInfo['getAsyncHelpers']> {
    return { promiseAll: async (all) => Promise.all(all), track: () => undefined };
  }
}
