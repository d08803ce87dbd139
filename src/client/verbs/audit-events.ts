import { type Connection, everyNode, pageInfo } from '../api.ts';
import { permitted } from '../errors.ts';
import { jsonLine, yamlText } from '../format.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { momentOf, positionals, textOption, type Verb } from '../verb.ts';

interface EventNode {
  readonly id: string;
  readonly position: string;
  readonly stream: string;
  readonly streamVersion: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly metadata: {
    readonly at: string;
    readonly actor: unknown;
    readonly correlationId: string;
    readonly causationId: string | null;
  };
}

const needed = 'audit events needs the role auditor or admin; your own sessions: sallyport sessions list';

export const auditEvents: Verb = {
  name: 'audit events',
  usage: '',
  summary: 'every event of the log that you may see, one per line',
  options: {
    type: { type: 'string', help: 'only these types, for example SessionOpened,SessionEnded' },
    category: { type: 'string', help: 'only of these kinds of stream, for example session,token' },
    user: { type: 'string', help: 'only what speaks of this person or happened in their sessions' },
    target: { type: 'string', help: 'only what speaks of this target or happened in sessions on it' },
    session: { type: 'string', help: 'only of this session' },
    since: { type: 'string', help: 'from this time on (ISO 8601)' },
    until: { type: 'string', help: 'before this time (ISO 8601)' },
    after: { type: 'string', help: 'after this position' },
  },
  async run(context, given) {
    positionals(given);
    const filter: Record<string, unknown> = {};
    for (const key of ['user', 'target', 'session', 'since', 'until']) {
      const value = textOption(given, key);
      const isMoment = key === 'since' || key === 'until';
      if (value !== undefined) filter[key] = isMoment ? momentOf(value, `--${key}`) : value;
    }
    const types = textOption(given, 'type');
    if (types !== undefined) filter.types = types.split(',');
    const categories = textOption(given, 'category');
    if (categories !== undefined) filter.categories = categories.split(',');
    const from = textOption(given, 'after') ?? null;
    const api = await context.api();
    const events = everyNode<EventNode>(async (after) => {
      const asked = api.graphql<{ events: Connection<EventNode> }>(
        `query ($filter: EventFilter, $after: String) { events(filter: $filter, first: 50, after: $after) {
          edges { node { id position stream streamVersion type schemaVersion data
            metadata { at actor correlationId causationId } } } ${pageInfo} } }`,
        { filter, after: after ?? from },
      );
      return (await permitted(asked, needed)).events;
    });
    for await (const event of events) {
      if (context.options.format === 'json') context.line(jsonLine(event));
      else if (context.options.format === 'yaml') context.line(`---\n${yamlText(event, context.toYaml)}`);
      else
        context.line(
          `${event.position}  ${event.metadata.at}  ${event.type}  ${event.stream}  ${visibleText(JSON.stringify(event.data))}`,
        );
    }
  },
};
