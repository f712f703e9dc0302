import { readFile, readdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = new Set(['.js', '.css', '.html', '.svg', '.webmanifest', '.json'])
/** Smaller files gain nothing: they fit into one packet as they are. */
const SMALLEST_BYTES = 1_024

/** Writes `.br` and `.gz` beside every text file, so that the box never compresses the app while serving it. */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'lares-precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = config.build.outDir
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const names = await readdir(folder, { recursive: true })
        await Promise.all(names.filter((name) => TEXT.has(extname(name))).map((name) => compress(join(folder, name))))
      },
    },
  }
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file)
  if (content.length < SMALLEST_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  await writeFile(`${file}.br`, brotliCompressSync(content, { params }))
  await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }))
}
