import type { Page } from 'playwright-core';

export interface ScriptFile {
  /** Its name without the digest, such as `index`. */
  readonly name: string;
  /** Bytes on the wire, compressed, with the head of the answer. */
  readonly bytes: number;
}

/** The scripts that a page loads from now on, as Chromium counts them; whole once the page has nothing under way. */
export async function watchScripts(page: Page): Promise<readonly ScriptFile[]> {
  const files: ScriptFile[] = [];
  const names = new Map<string, string>();
  const session = await page.context().newCDPSession(page);
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (!response.mimeType.includes('javascript')) return;
    const file = new URL(response.url).pathname.split('/').at(-1) ?? '';
    names.set(requestId, file.replace(/-[\w-]{8}\.js$/, ''));
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId);
    if (name !== undefined) files.push({ name, bytes: encodedDataLength });
  });
  await session.send('Network.enable');
  return files;
}

export function scriptBytes(files: readonly ScriptFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
