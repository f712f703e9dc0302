import type { ManifestOptions } from 'vite-plugin-pwa'

/** What a phone reads when it installs the app. Colours are those of the day scheme; the page itself follows the phone. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Lares',
  short_name: 'Lares',
  description: 'A private guardian for your home.',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#f4efe8',
  theme_color: '#f4efe8',
  categories: ['security', 'utilities'],
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [
    { name: 'Incidents', url: '/incidents' },
    { name: 'Plugs', url: '/plugs' },
  ],
}
