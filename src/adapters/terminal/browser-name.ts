/** Products of browsers in the order in which they count: what is built on another names that one too. */
const products = /\b(?:Edg|OPR|Vivaldi|SamsungBrowser|Firefox|Chromium|HeadlessChrome|Chrome|Safari)\/\d+(?:\.\d+)?/g;
const order = ['Edg', 'OPR', 'Vivaldi', 'SamsungBrowser', 'Firefox', 'Chromium', 'HeadlessChrome', 'Chrome', 'Safari'];

/** What a session says of its client: the one product of a User-Agent that tells browsers apart, and nothing else of it. */
export function browserName(userAgent: string): string {
  const found = userAgent.slice(0, 1_024).match(products) ?? [];
  const [product] = found.toSorted((a, b) => place(a) - place(b));
  return product === undefined ? 'browser terminal' : `browser terminal ${product}`;
}

function place(product: string): number {
  return order.indexOf(product.split('/', 1)[0] ?? '');
}
