import { type DocumentNode, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from './context.ts';
import { KeptDocuments } from './kept-documents.ts';
import { limitRules, limits } from './limits.ts';

/**
 * Parses and validates. That a document fits the schema holds for everybody, so such a document is kept, and the same
 * text is not parsed and checked again. Who asks, with which variables and for which operation, is held against the rules
 * of `limits.ts` each time: nothing of that is kept.
 */
export function documentChecks(kept: KeptDocuments = new KeptDocuments()): Plugin<GraphqlContext> {
  const fitting = new WeakSet<DocumentNode>();
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((text: string) => kept.get(text) ?? parse(text, { maxTokens: limits.tokens })),
    onValidate: ({ context, setValidationFn }) => {
      const { query, variables, operationName } = context.params;
      setValidationFn((...[schema, document, rules]: Parameters<typeof validate>) => {
        if (!fitting.has(document)) {
          const errors = validate(schema, document, rules);
          if (errors.length > 0) return errors;
          fitting.add(document);
          if (query !== undefined) kept.keep(query, document);
        }
        return validate(schema, document, limitRules(context, variables ?? {}, operationName ?? undefined));
      });
    },
  };
}
