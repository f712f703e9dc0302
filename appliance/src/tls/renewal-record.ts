import type { Audit } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import type { CertificateSource } from './source.ts'

/** Writes into the record that another certificate is served than before (SEC-E2). What is there at the start is not new. */
export function createRenewalRecord({ audit, clock }: { audit: Pick<Audit, 'note'>; clock: Clock }) {
  const last = new Map<string, string>()
  return {
    look(source: CertificateSource | null): void {
      const served = source?.current()
      if (!source || !served) return
      const { kind } = source.status()
      const before = last.get(kind)
      last.set(kind, served.certPem)
      // One that is good for longer already was read from the disk, not made just now.
      const isFresh = Math.abs(clock.now() - served.notBeforeMs) < FRESH_MS
      if (before === served.certPem || (before === undefined && !isFresh)) return
      const until = new Date(served.notAfterMs).toISOString()
      audit.note({ type: 'certificate_renewed', details: { source: kind, names: served.names.slice(0, 20), until } })
    },
  }
}

const FRESH_MS = 2 * 60 * 60_000
