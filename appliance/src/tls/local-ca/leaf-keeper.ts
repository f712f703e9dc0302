import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import type { CertificateFiles } from './certificate-files.ts'
import { covers, factsOf } from '../certificate-facts.ts'
import { createLeaf, type KeyedCertificate } from './certificates.ts'

/** From here on it is replaced: a third of its life is left for phones that are rarely at home. */
export const RENEWED_AT = 2 / 3

export type ReissueReason = 'first' | 'damaged' | 'not-valid-yet' | 'old' | 'new-host'

/** Why a leaf has to be replaced, or null. */
export function reissueReason(leafPem: string, hosts: readonly string[], nowMs: number): ReissueReason | null {
  const { notBeforeMs, notAfterMs } = factsOf(leafPem)
  // Issued while the clock was ahead; phones with the right time refuse it.
  if (notBeforeMs > nowMs) return 'not-valid-yet'
  if (nowMs >= notBeforeMs + (notAfterMs - notBeforeMs) * RENEWED_AT) return 'old'
  return hosts.every((host) => covers(leafPem, host)) ? null : 'new-host'
}

export interface LeafKeeper {
  /** The leaf in force; a new one where there is none, it does not fit any more, or it is old. True when it changed. */
  refresh(hosts: readonly string[], nowMs: number): Promise<boolean>
  current(): KeyedCertificate | null
}

interface Deps {
  root: KeyedCertificate
  files: CertificateFiles
  log: Log
  notices: NoticeBoard
}

export function createLeafKeeper({ root, files, log, notices }: Deps): LeafKeeper {
  let leaf: KeyedCertificate | null = null
  let loaded = false

  async function load(nowMs: number): Promise<ReissueReason | null> {
    const stored = await files.readLeaf(root)
    loaded = true
    if (stored === null) return 'first'
    if (stored !== 'damaged') {
      leaf = stored
      return null
    }
    const file = await files.putLeafAside(nowMs)
    log.warn({ file }, 'The server certificate could not be used; a new one is made')
    notices.raise({
      id: 'tls-leaf',
      level: 'info',
      title: 'The certificate of this box was renewed',
      detail: `The stored one could not be read and was kept as ${file}. Phones go on trusting the box; nothing is to be done.`,
      link: null,
    })
    return 'damaged'
  }

  return {
    current: () => leaf,
    async refresh(hosts, nowMs) {
      const lost = loaded ? null : await load(nowMs)
      const reason = leaf ? reissueReason(leaf.certPem, hosts, nowMs) : (lost ?? 'first')
      if (reason === null) return false
      const next = await createLeaf(root, hosts, nowMs)
      leaf = next
      // A full disk must not take the box off the network: it is served all the same, and made again after a restart.
      await files.writeLeaf(next).catch((error: unknown) => {
        log.warn({ err: messageOf(error) }, 'The new certificate could not be stored')
      })
      log.info({ reason, hosts, expires: new Date(factsOf(next.certPem).notAfterMs).toISOString() }, 'New certificate')
      return true
    },
  }
}
