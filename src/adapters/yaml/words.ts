import type { ErrorCode } from 'yaml';

/** The library's messages quote the text, in which secrets stand; ours say the same without quoting. */
const words: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*…) takes no anchor or tag',
  BAD_ALIAS: 'this alias (*…) names no anchor before it; a text that begins with * needs quotes',
  BAD_COLLECTION_TYPE: 'this map or list is of another kind than its tag says',
  BAD_DIRECTIVE: 'directives (%…) are not taken; leave the line out',
  BAD_DQ_ESCAPE: 'unknown escape after \\ in double quotes; use single quotes, or \\\\ for a backslash',
  BAD_INDENT: 'the indentation does not fit the lines above, or a closing bracket is missing',
  BAD_PROP_ORDER: 'anchors stand before the value, not before its indicator',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map or list cannot stand on one line with another key; start a new line or use quotes',
  BLOCK_IN_FLOW: 'inside [] and {} only the [] and {} forms are taken',
  DUPLICATE_KEY: 'this key stands twice in one map',
  IMPOSSIBLE: 'this is no YAML',
  KEY_OVER_1024_CHARS: 'a key is at most 1024 characters long',
  MISSING_CHAR: 'a closing quote, bracket, comma, colon or space is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line; is a colon or a quote missing?',
  MULTIPLE_ANCHORS: 'a value has at most one anchor',
  MULTIPLE_DOCS: 'another document begins here',
  MULTIPLE_TAGS: 'tags (!…) are not taken; write the plain value',
  NON_STRING_KEY: 'a key must be a text',
  RESOURCE_EXHAUSTION: 'this is nested too deep or too large',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!…) are not taken; write the plain value',
  UNEXPECTED_TOKEN: 'this cannot stand here',
};

export function wordsFor(code: ErrorCode): string {
  return words[code];
}
