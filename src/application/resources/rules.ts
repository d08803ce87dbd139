import type { z } from 'zod';
import type { Decider } from '../../domain/kernel/decider.ts';
import type { DeclaredCommand, DeclaredState } from '../../domain/kernel/declared.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { LoginId, StreamId } from '../../domain/kernel/ids.ts';
import type { Json } from '../../domain/kernel/json.ts';
import { type CommandContext, type CommandResult, type CommandTools, runCommand } from '../commands/run-command.ts';
import type { YamlPath } from '../ports/yaml.ts';
import type { categoryOfKind, Kind } from './kinds.ts';

export type Labels = Readonly<Record<string, string>>;
export type Outcome = 'created' | 'changed' | 'unchanged';
export type IdOf<K extends Kind> = StreamId<(typeof categoryOfKind)[K]>;

/** A thing as it stands now. `spec` is that of its kind's newest event; of a User a `UserFacts`. */
export interface Standing {
  readonly id: StreamId;
  readonly kind: Kind;
  readonly name: string;
  readonly labels: Labels;
  readonly spec: unknown;
}

/** What a document asks for, without its write-only values. */
export interface Wish<S = unknown> {
  readonly name: string;
  readonly nameKey: string;
  readonly labels: Labels;
  readonly spec: S;
  /** The secret that this document brings, when it acts; the value itself is not here. */
  readonly secret: PlannedSecret | null;
}

export interface PlannedSecret {
  readonly secretId: string;
  /** Of an SSH key. */
  readonly publicKey: string | null;
}

/** A no to one field of a document; the path is from the top of the document. */
export interface FieldProblem {
  readonly path: YamlPath;
  readonly message: string;
}

/** Names to ids, of what stands and of what the same file declares. Unknown names are noted as problems. */
export interface References {
  id<K extends Kind>(kind: K, name: string, path: YamlPath): IdOf<K>;
}

/** Ids to names, for showing. */
export type NameOf = (id: StreamId) => string;

export type Planned =
  | { readonly ok: true; readonly spec: unknown; readonly outcome: Outcome }
  | { readonly ok: false; readonly problem: FieldProblem };

/** What sets one kind apart; they stand in `kinds/`. */
export interface KindRules {
  /** Of the document's `spec`, write-only fields included. */
  readonly schema: z.ZodType;
  plan(wish: Wish, standing: Standing | null, references: References): Planned;
  /** Makes `spec` of a plan so, for who asks in `loginId`. May be several commands: each is found done when the whole is run again. */
  act(
    tools: CommandTools,
    id: StreamId,
    context: CommandContext,
    spec: unknown,
    loginId: LoginId | null,
  ): Promise<CommandResult<DomainEvent, string>>;
  remove(tools: CommandTools, id: StreamId, context: CommandContext): Promise<CommandResult<DomainEvent, string>>;
  /** The document's `spec` of a standing thing, without write-only fields; applying it changes nothing. */
  show(standing: Standing, nameOf: NameOf): Readonly<Record<string, Json | undefined>>;
  /** The vault record that a standing thing (or a plan's spec) names. */
  secretOf(spec: unknown): string | null;
}

interface DeclaredRules<S, Spec extends { readonly name: string }, E extends DomainEvent, Code extends string> {
  readonly schema: z.ZodType<S>;
  readonly decider: Decider<DeclaredState<Spec>, DeclaredCommand<Spec>, E, Code>;
  /** The event's spec, or the field that stands against it. */
  readonly toSpec: (wish: Wish<S>, references: References, previous: Spec | null) => Spec | FieldProblem;
  readonly show: (spec: Spec, nameOf: NameOf) => Readonly<Record<string, Json | undefined>>;
  /** Which field a rejection of the decider is about. */
  readonly fieldOf: Readonly<Partial<Record<Code, YamlPath>>>;
  readonly secretOf?: (spec: Spec) => string | null;
}

/** Rules of a kind that one `…Declared` event carries whole. The decider is asked at planning and again when acting. */
export function declaredRules<S, Spec extends { readonly name: string }, E extends DomainEvent, Code extends string>(
  rules: DeclaredRules<S, Spec, E, Code>,
): KindRules {
  const { decider, fieldOf, secretOf } = rules;
  return {
    schema: rules.schema,
    plan: (wish, standing, references) => {
      const previous = standing === null ? null : (standing.spec as Spec);
      const spec = rules.toSpec(wish as Wish<S>, references, previous);
      if (isProblem(spec)) return { ok: false, problem: spec };
      const state: DeclaredState<Spec> =
        previous === null ? { status: 'absent' } : { status: 'declared', spec: previous };
      const decision = decider.decide({ type: 'declare', spec }, state);
      if (!decision.ok) {
        const { code, message } = decision.rejection;
        return { ok: false, problem: { path: fieldOf[code] ?? ['metadata', 'name'], message } };
      }
      const made = previous === null ? 'created' : 'changed';
      return { ok: true, spec, outcome: decision.events.length === 0 ? 'unchanged' : made };
    },
    act: (tools, id, context, spec) => runCommand(tools, decider, id, context, { type: 'declare', spec: spec as Spec }),
    remove: (tools, id, context) => runCommand(tools, decider, id, context, { type: 'withdraw' }),
    show: (standing, nameOf) => rules.show(standing.spec as Spec, nameOf),
    secretOf: (spec) => secretOf?.(spec as Spec) ?? null,
  };
}

function isProblem(value: object): value is FieldProblem {
  return 'path' in value && 'message' in value;
}

/** Absent instead of empty, so that what is shown holds only what says something. */
export function unlessEmpty<T extends readonly string[] | Labels>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
