/** Who did what. Rows are added, never changed. */
export interface AuditTable {
  id: string
  at: number
  type: string
  /** INFO, WARNING, ERROR, CRITICAL. */
  severity: string
  user_id: string | null
  username: string | null
  role: string | null
  address: string | null
  user_agent: string | null
  session_id: string | null
  resource: string | null
  /** JSON object. */
  details: string
}
