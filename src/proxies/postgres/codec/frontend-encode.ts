import { int16, message } from './writer.ts';

/** What we send to a target as its client: whole messages. Text is UTF-8. Errors: SallyportError for a NUL in a text. */
export const encodeFrontend = {
  saslInitialResponse: (mechanism: string, response: Uint8Array) => message('p', mechanism, response.length, response),
  saslResponse: (response: Uint8Array) => message('p', response),
  query: (text: string) => message('Q', text),
  /** The types of the parameters are left to the target. */
  parse: (statement: string, text: string) => message('P', statement, text, int16(0)),
  sync: () => message('S'),
  flush: () => message('H'),
  terminate: () => message('X'),
};
