import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './app/app.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { Router } from 'wouter';
import { usePlainLocation } from './app/plain-location.ts';
import { Palette } from './app/palette.tsx';
import { Routes } from './app/routes.tsx';
import { styleNonce } from './app/style-nonce.ts';
import { theme } from './app/theme.ts';
import { ViewerProvider } from './app/viewer.tsx';
import { newClient } from './graphql/client.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <Provider value={newClient()}>
        <Router base="/ui" hook={usePlainLocation}>
          <ViewerProvider>
            <Routes />
            <Palette />
          </ViewerProvider>
        </Router>
      </Provider>
    </MantineProvider>
  </StrictMode>,
);
