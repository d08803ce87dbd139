import { defineConfig } from 'vite';

/** Built by scripts/build-ui.mjs and served by src/adapters/web-ui, under `/ui`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/ui/',
  // The server puts a fresh nonce in its place in every answer (src/adapters/web-ui/page.ts).
  html: { cspNonce: 'sallyport-nonce' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // Everything is a file of its own: the Content-Security-Policy has no room for data in scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Mantine marks its modules for servers that render React; nothing here does.
      checks: { moduleLevelDirective: false },
    },
    chunkSizeWarningLimit: 1_000,
  },
});
