import { access, readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Context } from 'koa'
import { LaresError } from '../core/errors.ts'
import { chooseEncoding, compress, isWorthCompressing, type Encoding } from './compress.ts'
import { splitPath } from './route-table.ts'
import { resolveInside, resolveSegments } from './safe-path.ts'
import { sendFile } from './send-file.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

const IMMUTABLE = 'public, max-age=31536000, immutable'
/** Asked again each time; a 304 costs nothing, an old service worker would cost a lot. */
const ASK_AGAIN = 'no-cache'
const SUFFIX: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Lares</title><h1>Lares is running.</h1><p>The app is not built yet. Run <code>npm run build</code> on the box, then reload this page.</p></html>
`

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** Copies packed on the spot, once per file version; the whole app is a few hundred kilobytes. */
function createPackedCopies(): (file: string, encoding: Encoding) => Promise<Buffer | null> {
  const packed = new Map<string, Buffer>()
  return async (file, encoding) => {
    const info = await stat(file)
    if (!isWorthCompressing(info.size)) return null
    const key = `${encoding} ${info.mtimeMs} ${file}`
    const copy = packed.get(key) ?? (await compress(await readFile(file), encoding))
    packed.set(key, copy)
    return copy
  }
}

function sendBuffer(ctx: Context, body: Buffer, etag: string): void {
  ctx.etag = etag
  ctx.status = 200
  if (ctx.fresh) {
    ctx.status = 304
    ctx.body = null
  } else ctx.body = body
}

/** A file of the app among the built ones, or null. */
async function findFile(folder: string, segments: readonly string[]): Promise<string | null> {
  const file = await resolveSegments(folder, segments).catch((error: unknown) => {
    if (error instanceof LaresError) return null
    throw error
  })
  return file !== null && (await stat(file)).isFile() ? file : null
}

/** Sends one file of the app, packed when the browser takes that. */
function createSender(): (ctx: Context, file: string, cacheControl: string) => Promise<void> {
  const packedCopy = createPackedCopies()

  async function sendPacked(ctx: Context, file: string, contentType: string, cacheControl: string): Promise<boolean> {
    const encoding = chooseEncoding(ctx.get('Accept-Encoding'))
    if (!encoding || ctx.get('Range') !== '') return false
    if (await exists(file + SUFFIX[encoding])) {
      await sendFile(ctx, { file: file + SUFFIX[encoding], contentType, cacheControl, contentEncoding: encoding })
      return true
    }
    const copy = await packedCopy(file, encoding)
    if (!copy) return false
    const { mtimeMs, size } = await stat(file)
    ctx.type = contentType
    ctx.set({ 'Cache-Control': cacheControl, 'Content-Encoding': encoding })
    sendBuffer(ctx, copy, `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}-${encoding}"`)
    return true
  }

  return async (ctx, file, cacheControl) => {
    const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream'
    const isText = /^(text|application\/(json|manifest)|image\/svg)/.test(contentType)
    ctx.vary('Accept-Encoding')
    if (isText && (await sendPacked(ctx, file, contentType, cacheControl))) return
    await sendFile(ctx, { file, contentType, cacheControl })
  }
}

/** Serves the built app: hashed assets for ever, everything else asked again, every other address the app itself. */
export interface StaticFiles {
  serve(ctx: Context): Promise<void>
}

export function createStaticFiles({ folder }: { folder: string }): StaticFiles {
  const send = createSender()

  async function sendApp(ctx: Context): Promise<void> {
    const index = await resolveInside(folder, 'index.html').catch(() => null)
    if (index) return send(ctx, index, ASK_AGAIN)
    ctx.status = 503
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = NOT_BUILT
  }

  return {
    async serve(ctx) {
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
        throw new LaresError('invalid', `This address does not take ${ctx.method}.`, {
          code: 'METHOD_NOT_ALLOWED',
          details: { allow: ['GET', 'HEAD'] },
        })
      const segments = splitPath(ctx.path)
      const isRoot = segments.length === 1 && segments[0] === ''
      const file = isRoot ? null : await findFile(folder, segments)
      if (file) return send(ctx, file, segments[0] === 'assets' ? IMMUTABLE : ASK_AGAIN)
      // A page of the app (/incidents/…) is the app; a missing picture or script is missing.
      if (!isRoot && !ctx.get('Accept').includes('text/html'))
        throw new LaresError('not-found', 'There is nothing at this address.')
      await sendApp(ctx)
    },
  }
}
