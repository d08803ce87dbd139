import { type DocumentNode, parse, specifiedRules, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type GraphqlContext, has } from './context.ts';
import { KeptDocuments } from './kept-documents.ts';
import { asksForSchema, costErrors, documentRules, limits } from './limits.ts';

/**
 * Parses and validates. That a document fits the schema holds for everybody, so such a document is kept, and the same
 * text is not parsed and checked again. Whether this person may ask it, with these variables and for this operation, is
 * decided each time: nothing of that is kept.
 */
export function documentChecks(kept: KeptDocuments = new KeptDocuments()): Plugin<GraphqlContext> {
  const fitting = new WeakMap<DocumentNode, { readonly forSchema: boolean }>();
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((text: string) => kept.get(text) ?? parse(text, { maxTokens: limits.tokens })),
    onValidate: ({ context, setValidationFn }) => {
      const { query, variables, operationName } = context.params;
      setValidationFn((...[schema, document, rules = specifiedRules]: Parameters<typeof validate>) => {
        let known = fitting.get(document);
        if (known === undefined) {
          const errors = validate(schema, document, [...rules, ...documentRules]);
          if (errors.length > 0) return errors;
          known = { forSchema: asksForSchema(schema, document).length > 0 };
          fitting.set(document, known);
          if (query !== undefined) kept.keep(query, document);
        }
        if (known.forSchema && !has(context, 'administer')) return asksForSchema(schema, document);
        return costErrors(context, schema, document, variables ?? {}, operationName ?? undefined);
      });
    },
  };
}
