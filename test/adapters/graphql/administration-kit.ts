import { onTestFinished } from 'vitest';
import { graphqlRoutes } from '../../../src/adapters/graphql/routes.ts';
import type { GraphqlFace } from '../../../src/adapters/graphql/context.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { administrationOf } from '../../../src/main/administration.ts';
import { deleteResource } from '../../../src/application/resources/delete.ts';
import { kindNamed } from '../../../src/application/resources/kinds.ts';
import { revokePass } from '../../../src/application/commands/passes.ts';
import { examineProvider } from '../../../src/main/examine-provider.ts';
import { type House, openHouse } from '../../application/kit/house.ts';
import { type Answer, startTestWeb } from '../http/web-kit.ts';
import { doors } from './graphql-kit.ts';

/** Whatever a query asked for. */
export type Data = ReturnType<typeof JSON.parse>;

/** The names of a connection's nodes. */
export const namesOf = (connection: {
  readonly edges: readonly { readonly node: { readonly name: string } }[];
}): string[] => connection.edges.map(({ node }) => node.name);

export interface AdministrationRig {
  readonly house: House;
  /** The data of an answer without errors. */
  data(query: string, variables?: unknown, as?: string): Promise<Readonly<Record<string, Data>>>;
  run(query: string, variables?: unknown, as?: string): Promise<Answer>;
}

/** GraphQL over HTTPS on the real application of a house. */
export async function openAdministration(): Promise<AdministrationRig> {
  const house = await openHouse();
  const { node } = house;
  const { views, tools, resources } = node;
  const face: GraphqlFace = {
    ...({} as GraphqlFace),
    ...administrationOf({
      resources,
      logins: { tools, views, activity: node.admission.activity },
      asking: { tools, views, zone: 'UTC' },
      examine: examineProvider({ publicUrl: 'https://sallyport.example', resolve: targetResolver([]) }),
    }),
    deleteResource: async (viewer: Viewer, kind, name) => {
      const deleted = await deleteResource(resources, viewer, kindNamed(kind) ?? 'User', name);
      return deleted.ok
        ? { ok: true, results: [{ kind, name, change: 'deleted' }] }
        : { ok: false, errors: [{ code: deleted.code, message: deleted.message }] };
    },
    revokePass: (viewer, passId) => revokePass({ tools, views }, viewer, passId),
    views,
    log: tools.log,
  };
  const web = await startTestWeb({
    routes: graphqlRoutes(face, doors, (message, error) => console.error(message, error)),
  });
  onTestFinished(() => web.close());
  const run: AdministrationRig['run'] = async (query, variables = {}, as = 'spl_admin') =>
    web.post('/graphql', { query, variables }, as);
  return {
    house,
    run,
    data: async (query, variables, as) => {
      const { body, json } = await run(query, variables, as);
      if (json.errors !== undefined) throw new Error(body);
      return json.data as Readonly<Record<string, Data>>;
    },
  };
}
