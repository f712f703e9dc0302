/** Certificates by which phones of the household show who they are. */
export interface ClientCertificatesTable {
  id: string
  /** What the owner calls the phone. */
  name: string
  /** SHA-256, colon-separated hex. */
  fingerprint: string
  /** User name of who issued it. */
  issued_by: string | null
  created_at: number
  expires_at: number
  last_used_at: number | null
  revoked_at: number | null
}
