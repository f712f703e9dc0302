import type { SecretBox } from '../core/crypto.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Credentials, ParsedSource } from './sources/index.ts'
import type { CameraRecord } from './store.ts'

const context = (cameraId: string): string => `camera:${cameraId}`

export function sealCredentials(
  secretBox: SecretBox,
  cameraId: string,
  credentials: Credentials | null,
): string | null {
  return credentials && secretBox.seal(JSON.stringify(credentials), context(cameraId))
}

/**
 * A stored source with its secrets. When they cannot be opened (another box's key), the camera will say
 * `wrong-password`, and typing it again repairs it; the other cameras go on.
 */
export function openSource(secretBox: SecretBox, log: Log, record: CameraRecord): ParsedSource {
  const { source, sealedCredentials } = record
  if (sealedCredentials === null) return { source, credentials: null } as ParsedSource
  try {
    const credentials = JSON.parse(secretBox.open(sealedCredentials, context(record.id))) as Credentials
    return { source, credentials } as ParsedSource
  } catch (error) {
    log.error({ camera: record.name, err: messageOf(error) }, 'The password of a camera cannot be read')
    return { source, credentials: null } as ParsedSource
  }
}
