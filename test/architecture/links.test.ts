import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Anchors of the headings, as the common renderers make them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('%s: every link to a file of this repository leads somewhere', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
  for (const link of links) {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    expect(existsSync(file), `${page} links to ${link}`).toBe(true);
    if (anchor !== undefined) expect(anchors(readFileSync(file, 'utf8')), `${page} links to ${link}`).toContain(anchor);
  }
});

test('docs/README.md lists every how-to and protocol', () => {
  const list = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const wanted = pages.filter((page) => /^docs\/(?:how-to|protocols)\//.test(page));
  expect(wanted.length).toBeGreaterThan(8);
  expect(wanted.filter((page) => !list.includes(`](${page.slice('docs/'.length)})`))).toEqual([]);
});

test('docs/decisions/README.md lists every decision in number order, by the title that it has', () => {
  const folder = join(root, 'docs/decisions');
  const files = readdirSync(folder).filter((name) => /^\d/.test(name));
  const rows = files.toSorted().map((name) => {
    const [title = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
    return `- [${title.replace(/^# /, '')}](${name})`;
  });
  const list = readFileSync(join(folder, 'README.md'), 'utf8').split('\n');
  expect(list.filter((line) => line.startsWith('- ['))).toEqual(rows);
});
