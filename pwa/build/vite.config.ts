// Builds the app into pwa/dist: `npm run build -w pwa`.
import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { appIcons } from './app-icons.ts'
import { manifest } from './manifest.ts'
import { precompress } from './precompress.ts'
import { preloadFirst } from './preload-first.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Small parts that Now draws with and other places use, too. */
const EVERYDAY =
  /src[\\/](parts[\\/](page|still|age|notice-card|incident-card|incident-words|toggle)|state[\\/](cameras|incidents|incident-list|notices|plugs|push|resource|now))\.tsx?$/

export default defineConfig({
  root: at('../'),
  // The oldest browsers that know light-dark() and AbortSignal.any(); nothing is rewritten for older ones.
  build: {
    target: ['chrome123', 'firefox124', 'safari17.5'],
    outDir: at('../dist'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A phone on a slow line waits for each file more than for its bytes: what every page begins with is one file,
          // and what Now and the other four places share another, instead of fifteen of half a kilobyte.
          groups: [
            { name: 'shell', tags: ['$initial'], priority: 2 },
            { name: 'everyday', test: EVERYDAY, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  plugins: [
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    preloadFirst(),
    appIcons({ art: at('../art/') }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest,
      injectManifest: {
        // The default format ends the worker in `export default`, which no browser registers as a classic worker.
        rollupFormat: 'iife',
        globPatterns: ['**/*.{js,css,html,svg,webmanifest}', 'icons/icon-192.png', 'icons/badge-96.png'],
      },
    }),
    precompress(),
  ],
})
