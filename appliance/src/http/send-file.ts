import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Context } from 'koa'
import { LaresError } from '../core/errors.ts'
import { parseRange, type ByteRange } from './byte-range.ts'

export interface SendFileOptions {
  /** Already resolved and safe. */
  file: string
  contentType: string
  cacheControl: string
  contentEncoding?: string
}

interface Sent {
  sizeBytes: number
  etag: string
  modifiedMs: number
}

async function describe(file: string, encoding: string | undefined): Promise<Sent> {
  const info = await stat(file)
  if (!info.isFile()) throw new LaresError('not-found', 'This file is not there any more.')
  const suffix = encoding ? `-${encoding}` : ''
  return {
    sizeBytes: info.size,
    etag: `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}${suffix}"`,
    modifiedMs: info.mtimeMs,
  }
}

/** If-Range: a changed file is sent whole, never as the middle of another one. */
function wantedRange(ctx: Context, sent: Sent): ByteRange | 'whole' | 'unsatisfiable' {
  const condition = ctx.get('If-Range')
  if (condition !== '' && condition !== sent.etag) return 'whole'
  return parseRange(ctx.get('Range') || undefined, sent.sizeBytes)
}

function setBody(ctx: Context, file: string, range: ByteRange): void {
  const lengthBytes = range.end - range.start + 1
  ctx.length = Math.max(0, lengthBytes)
  // Koa would open the file for HEAD too and never read it.
  if (ctx.method === 'HEAD' || lengthBytes <= 0) {
    ctx.respond = false
    ctx.res.statusCode = ctx.status
    ctx.res.end()
    return
  }
  ctx.body = createReadStream(file, range)
  ctx.length = lengthBytes
}

/** Answers with a file: validators, 304, one byte range (206), 416. */
export async function sendFile(ctx: Context, options: SendFileOptions): Promise<void> {
  const sent = await describe(options.file, options.contentEncoding)
  ctx.type = options.contentType
  ctx.set('Cache-Control', options.cacheControl)
  ctx.set('Accept-Ranges', 'bytes')
  ctx.set('Last-Modified', new Date(sent.modifiedMs).toUTCString())
  ctx.etag = sent.etag
  if (options.contentEncoding) ctx.set('Content-Encoding', options.contentEncoding)
  ctx.status = 200
  if (ctx.fresh) {
    ctx.status = 304
    ctx.body = null
    return
  }
  const range = wantedRange(ctx, sent)
  if (range === 'unsatisfiable') {
    ctx.set('Content-Range', `bytes */${sent.sizeBytes}`)
    throw new LaresError('invalid', 'This part of the file does not exist.', { code: 'RANGE_NOT_SATISFIABLE' })
  }
  if (range === 'whole') return setBody(ctx, options.file, { start: 0, end: sent.sizeBytes - 1 })
  ctx.status = 206
  ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${sent.sizeBytes}`)
  setBody(ctx, options.file, range)
}
