import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, literal, sourceOf } from '../../../src/wire/html/html.ts';
import { pageAnswer, problemPage } from '../../../src/wire/html/page.ts';

test('a text is a text wherever it stands', () => {
  const name = `"><script>alert('1')</script>&amp;`;
  expect(sourceOf(html`<a title="${name}">${name}</a>`)).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</a>',
  );
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(sourceOf(html`${text}`))));
});

test('pieces stand as they are, in lists too; nothing is nothing', () => {
  const rows = ['<a>', 'b'].map((name) => html`<li>${name}</li>`);
  expect(sourceOf(html`<ul>${rows}</ul>${null}${7}`)).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>7');
  expect(sourceOf(html`${literal('<svg/>')}`)).toBe('<svg/>');
});

test('what only looks like a piece is none', () => {
  const forged = JSON.parse('{"html": "<script>", "description": "html"}') as never;
  expect(sourceOf(html`${forged}`)).not.toContain('<script>');
});

test('a page is framed by nobody, sends forms to this host alone and runs no script', async () => {
  const answer = pageAnswer({ title: '<x>', body: html`<h1>Hello</h1>` });
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
  );
  expect(await answer.text()).toContain('<title>&lt;x&gt; · Sallyport</title>');
});

test('a problem says what happened under its status', async () => {
  const answer = problemPage(503, 'Not now', 'the directory <x> is away');
  expect([answer.status, (await answer.text()).includes('the directory &lt;x&gt; is away')]).toEqual([503, true]);
});
