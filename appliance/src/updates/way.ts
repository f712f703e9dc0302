import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Updates } from '../api/updates.ts'
import type { HostFacts } from '../host/index.ts'

/** Left by Docker and by Podman in every container. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'] as const
const PACKAGE_FOLDER = '/usr/lib/lares/'
/** Only our own system has it. */
const IMAGE_MARK = '/usr/share/lares/image-version'

/** How new versions come to where Lares runs; before the host agent was asked (null), by what lies on the disk. */
export function wayOf(
  host: HostFacts | null,
  ownFile = fileURLToPath(import.meta.url),
  exists: (path: string) => boolean = existsSync,
): Updates['way'] {
  if (host ? host.features.includes('updates') : exists(IMAGE_MARK)) return 'bundle'
  if (CONTAINER_MARKS.some(exists)) return 'container'
  return host !== null || ownFile.startsWith(PACKAGE_FOLDER) ? 'package' : 'source'
}
