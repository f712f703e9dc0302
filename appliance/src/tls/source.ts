import type { Part } from '../core/part.ts'

/** What a browser is shown for some names. PEM throughout; times in epoch milliseconds. */
export interface ServedCertificate {
  /** Leaf first, then the chain, as servers present them. */
  certPem: string
  /** PKCS#8 (or SEC1, PKCS#1) private key of the leaf. */
  keyPem: string
  /** DNS names (lower case, `*.x` allowed) and addresses it is good for. */
  names: readonly string[]
  notBeforeMs: number
  notAfterMs: number
}

/** How a source does, for the page and the notices. Times in epoch milliseconds; null: never, or nothing planned. */
export interface SourceStatus {
  kind: 'local-ca' | 'acme' | 'provided'
  lastRenewedAtMs: number | null
  lastTriedAtMs: number | null
  nextTryAtMs: number | null
  /** One plain sentence for the owner while something is wrong; null: all is well. */
  problem: string | null
}

/** Where a certificate comes from. One server serves those of all sources at once, by name (SEC-B1). */
export interface CertificateSource extends Part {
  /** The certificate in force; null while there is none. Cheap: asked at handshakes. */
  current(): ServedCertificate | null
  /** Called after `current` gives another certificate, or none any more. The returned function ends that. */
  onChange(listener: () => void): () => void
  status(): SourceStatus
}
