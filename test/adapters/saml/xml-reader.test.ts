import { expect, test } from 'vitest';
import { readXml } from '../../../src/adapters/saml/xml-reader.ts';

test('elements, namespaces, attributes and references are read', () => {
  const root = readXml(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<a:x xmlns:a="urn:a" xmlns="urn:d" one='1&#x41;"' a:two="&lt;">t&amp;<y/>u\r\n<z xmlns=""/></a:x>\n`,
  );
  expect(root).toEqual({
    name: 'x',
    space: 'urn:a',
    attributes: [
      { name: 'one', space: '', value: '1A"' },
      { name: 'two', space: 'urn:a', value: '<' },
    ],
    text: 't&u\n',
    children: [
      { name: 'y', space: 'urn:d', attributes: [], children: [], text: '' },
      { name: 'z', space: '', attributes: [], children: [], text: '' },
    ],
  });
});

test.each([
  ['', 'ends too early'],
  ['<a>', 'ends too early'],
  ['<a></b>', 'an end tag'],
  ['</a>', 'an end tag'],
  ['<a></a', 'an end tag'],
  ['<r><a></a ', 'an end tag'],
  ['<a', 'not well-formed'],
  ['< a/>', 'without a name'],
  ['<a b/>', 'not well-formed'],
  ['<a b=c/>', 'not well-formed'],
  ['<a b="1"c="2"/>', 'not well-formed'],
  ['<a b="<"/>', 'not well-formed'],
  ['<a b="1" b="2"/>', 'given twice'],
  ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', 'given twice'],
  ['<p:a/>', 'prefix without'],
  ['<a p:b="1"/>', 'prefix without'],
  ['<a xmlns:p=""/>', 'forbidden prefix'],
  ['<a xmlns:xml="urn:x"/>', 'forbidden prefix'],
  ['<a/><b/>', 'second root'],
  ['x<a/>', 'outside the root'],
  ['<a/>x', 'outside the root'],
  ['\ufeff<a/>', 'outside the root'],
  ['<a>]]></a>', 'CDATA'],
  ['<a>&nbsp;</a>', 'DTD'],
  ['<a>&</a>', 'DTD'],
  ['<a>&#0;</a>', 'DTD'],
  ['<a>&#13;</a>', 'DTD'],
  ['<a>&#xD800;</a>', 'DTD'],
  ['<a>&#x110000;</a>', 'DTD'],
  ['<a>\u0000</a>', 'XML forbids'],
  ['<a>\ud800</a>', 'XML forbids'],
  ['<!-- x --><a/>', 'a comment'],
  ['<a><?x y?></a>', 'processing instruction'],
  ['<?xml version="1.0" encoding="UTF-16"?><a/>', 'processing instruction'],
  ['<a><!ENTITY x "y"></a>', 'declaration'],
])('%j is refused', (source, why) => {
  expect(() => readXml(source)).toThrow(why);
});

test('a comment that is skipped has to end', () => {
  expect(() => readXml('<a><!-- </a>', { comments: 'skipped' })).toThrow('without an end');
});

test('the time to refuse grows with the length alone', () => {
  for (const source of [
    '<a '.repeat(40_000),
    `<a${' '.repeat(400_000)}`,
    `<${'a'.repeat(400_000)}`,
    '<a>'.repeat(9_000),
  ]) {
    const before = performance.now();
    expect(() => readXml(source)).toThrow();
    expect(performance.now() - before).toBeLessThan(2000);
  }
});
