import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Updates } from '../api/updates.ts'
import type { HostFacts } from '../host/index.ts'

/** Left by Docker and by Podman in every container. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'] as const
const PACKAGE_FOLDER = '/usr/lib/lares/'

/** How new versions come to where Lares runs. */
export function wayOf(
  host: HostFacts | null,
  ownFile = fileURLToPath(import.meta.url),
  exists: (path: string) => boolean = existsSync,
): Updates['way'] {
  if (host?.features.includes('updates')) return 'bundle'
  if (CONTAINER_MARKS.some(exists)) return 'container'
  return host !== null || ownFile.startsWith(PACKAGE_FOLDER) ? 'package' : 'source'
}
