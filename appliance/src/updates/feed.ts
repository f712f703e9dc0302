import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MAX_BUNDLE_BYTES, type OfferedUpdate } from '../api/updates.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { checkAddress, fetchFile, type FetchOptions } from '../core/fetch-file.ts'
import { compareVersions, isNewer } from './version-order.ts'

const MAX_FEED_BYTES = 256 * 1024

const entry = z.object({
  version: z.string().max(64),
  compatible: z.string().max(128),
  url: z.string().max(2_048),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().min(1).max(MAX_BUNDLE_BYTES).nullish(),
  notes: z.string().max(20_000).nullish(),
})
const feed = z.object({ updates: z.array(entry).max(500) })

/** The newest one for this kind of box that is newer than `running`; addresses may be relative to the list's own. */
export function chooseUpdate(
  text: string,
  { address, compatible, running }: { address: string; compatible: string; running: string },
): OfferedUpdate | null {
  const fitting = readFeed(text).filter((each) => each.compatible === compatible && isNewer(each.version, running))
  const [newest] = fitting.sort((a, b) => compareVersions(b.version, a.version) ?? 0)
  if (!newest) return null
  const { version, url, sha256, sizeBytes = null, notes } = newest
  return { version, sha256, sizeBytes: sizeBytes ?? null, notes: notes ?? '', url: new URL(url, address).href }
}

function readFeed(text: string): z.output<typeof entry>[] {
  try {
    return feed.parse(JSON.parse(text)).updates
  } catch (cause) {
    throw new LaresError('unavailable', 'The list of updates cannot be read.', { code: 'BAD_REPLY', cause })
  }
}

/** Asks for the list over HTTPS, on the internet alone. Throws `invalid` ADDRESS_REFUSED or `unavailable`. */
export async function askFeed(
  folder: string,
  address: string,
  options: { clock: Clock; fetch: FetchOptions; signal?: AbortSignal | undefined },
): Promise<string> {
  checkAddress(address, options.fetch)
  const target = join(folder, '.feed.json')
  await rm(target, { force: true })
  await rm(`${target}.etag`, { force: true })
  const { clock, fetch, signal } = options
  await fetchFile({ url: address, target, maxBytes: MAX_FEED_BYTES, clock, signal, ...fetch })
  return readFile(target, 'utf8')
}
