import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { ParsedSource } from '../sources/index.ts'
import { watchEvents } from './event-watch.ts'
import type { OwnNetworks } from './own-networks.ts'

export interface HintDeps {
  cameraName: string
  networks: OwnNetworks
  clock: Clock
  log: Log
  onMotion(): void
}

/** What listens to a camera's own motion alarms; null when it was not found by ONVIF. */
export function hintsOf({ source, credentials }: ParsedSource, deps: HintDeps): Part | null {
  if (source.kind !== 'rtsp' || source.onvif === undefined) return null
  const { username = '', password = '' } = credentials ?? {}
  const isOpen = username === '' && password === ''
  return watchEvents({ ...deps, address: source.onvif.address, credentials: isOpen ? null : { username, password } })
}
