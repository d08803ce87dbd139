import { CST, type Document, Composer, LineCounter, Lexer, Parser, type ParsedNode } from 'yaml';
import { limits } from './limits.ts';
import { wordsFor } from './words.ts';

/** Thrown within this folder only; `parseYaml` turns it into a value. */
export class YamlProblem extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export type SyntaxTree = Document.Parsed;

/** The parser keeps about one token per map and one per entry on its stack. */
const stackLimit = limits.depth * 3;

/**
 * Text to syntax trees. Depth, tags and directives are refused while the tokens come in, before the composer, which
 * calls itself for every level, sees any of it. Throws `YamlProblem`.
 */
export function readSyntax(text: string, counter: LineCounter): SyntaxTree[] {
  const trees: SyntaxTree[] = [];
  const composer = new Composer<ParsedNode>({
    // Ours to check: the library compares every key with every other one of its map.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    version: '1.2',
    merge: false,
  });
  for (const token of tokens(text, counter)) {
    for (const tree of composer.next(token)) trees.push(checked(tree));
    if (trees.length > limits.documents) {
      throw new YamlProblem(
        trees.at(-1)?.range[0] ?? 0,
        `more than ${String(limits.documents)} documents; split the file`,
      );
    }
  }
  for (const tree of composer.end(false, text.length)) trees.push(checked(tree));
  return trees;
}

function checked(tree: SyntaxTree): SyntaxTree {
  const error = tree.errors[0];
  if (error !== undefined) throw new YamlProblem(error.pos[0], wordsFor(error.code));
  return tree;
}

/** The syntax tokens of the text, one whole document after the other. */
function* tokens(text: string, counter: LineCounter): Generator<CST.Token> {
  const parser = new Parser(counter.addNewLine);
  counter.addNewLine(0);
  let scalarNext = false;
  for (const lexeme of new Lexer().lex(text)) {
    const kind: CST.TokenType | null = scalarNext ? 'scalar' : CST.tokenType(lexeme);
    scalarNext = kind === 'scalar' && lexeme === CST.SCALAR;
    if (kind === 'tag') throw new YamlProblem(parser.offset, 'tags (!…) are not taken; write the plain value');
    if (kind === 'directive-line')
      throw new YamlProblem(parser.offset, 'directives (%…) are not taken; leave the line out');
    yield* parser.next(lexeme);
    if (parser.stack.length > stackLimit) throw tooDeep(parser.offset);
  }
  yield* parser.end();
}

export function tooDeep(offset: number): YamlProblem {
  return new YamlProblem(offset, `maps and lists lie more than ${String(limits.depth)} deep within each other`);
}
