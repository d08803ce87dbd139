import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The green of the gate in the mark; every shade that carries text holds 4.5 : 1 against its ground. */
const gate: MantineColorsTuple = [
  '#e3f2f0',
  '#cbe7e3',
  '#9fd3cc',
  '#70beb4',
  '#48aca0',
  '#219587',
  '#0b7d73',
  '#0b6a63',
  '#0a5a54',
  '#084842',
];

/** The head of a dialog is none of the page, and its button has a name. */
const overlay = {
  defaultProps: { attributes: { header: { role: 'none' } }, closeButtonProps: { 'aria-label': 'Close' } },
};

export const theme = createTheme({
  primaryColor: 'gate',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { gate },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 'md',
  respectReducedMotion: true,
  components: { Modal: overlay, Drawer: overlay },
});
