import type { TlsBoot, TlsMode } from '../api/certificates.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Settings } from '../settings/types.ts'
import { tlsMode } from './settings.ts'
import type { CertificateSource } from './source.ts'

export interface PublicSourceDeps {
  boot: Pick<TlsBoot, 'mode'>
  settings: Settings
  log: Log
  provided: CertificateSource | null
  acme: CertificateSource
}

/** The source beside the private root, if there is one: chosen by the environment, or in the app while everything runs. */
export interface PublicSource {
  mode(): TlsMode
  current(): CertificateSource | null
  start(): Promise<void>
  stop(): Promise<void>
  onChange(listener: () => void): () => void
}

export function createPublicSource({ boot, settings, log, provided, acme }: PublicSourceDeps): PublicSource {
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach((listener) => listener())
  const mode = (): TlsMode => boot.mode ?? settings.get(tlsMode)
  const wanted = (): CertificateSource | null => (mode() === 'provided' ? provided : mode() === 'acme' ? acme : null)
  let running: CertificateSource | null = null
  let turns: Promise<void> = Promise.resolve()
  const leave = [acme, provided].filter((source) => source !== null).map((source) => source.onChange(tell))
  leave.push(settings.onChange(tlsMode, () => void inTurn(wanted)))

  async function change(next: CertificateSource | null): Promise<void> {
    if (running === next) return
    await running?.stop()
    running = next
    await next?.start()
    tell()
  }

  /** One change after the other; a source that cannot start leaves the private root, and is said in the log. */
  function inTurn(next: () => CertificateSource | null): Promise<void> {
    turns = turns
      .then(() => change(next()))
      .catch((error: unknown) => log.error({ err: messageOf(error) }, 'The source of certificates cannot be changed'))
    return turns
  }

  return {
    mode,
    current: () => running,
    start: () => inTurn(wanted),
    async stop() {
      for (const end of leave) end()
      await inTurn(() => null)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
