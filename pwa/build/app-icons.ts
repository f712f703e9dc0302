import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Plugin } from 'vite'

/** Every picture of the logo that phones and browsers ask for, from two drawings. */
const PICTURES = [
  { from: 'logo.svg', to: 'icons/icon-192.png', sizePx: 192 },
  { from: 'logo.svg', to: 'icons/icon-512.png', sizePx: 512 },
  { from: 'logo-maskable.svg', to: 'icons/maskable-512.png', sizePx: 512 },
  { from: 'logo-maskable.svg', to: 'icons/apple-touch-180.png', sizePx: 180 },
  { from: 'badge.svg', to: 'icons/badge-96.png', sizePx: 96 },
] as const

/** Draws the PNG icons at build time, so that only the drawings are kept. */
export function appIcons({ art }: { art: string }): Plugin {
  return {
    name: 'lares-app-icons',
    apply: 'build',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'icons/logo.svg', source: await readFile(join(art, 'logo.svg')) })
      for (const { from, to, sizePx } of PICTURES) {
        const drawing = await readFile(join(art, from))
        const source = await sharp(drawing, { density: 300 })
          .resize(sizePx, sizePx)
          .png({ palette: true, compressionLevel: 9 })
          .toBuffer()
        this.emitFile({ type: 'asset', fileName: to, source })
      }
    },
  }
}
