export interface UploadsSeenTable {
  name: string
  folder: string
  bytes: number
  changed_at: number
  seen_at: number
  taken_at: number | null
  /** taken, duplicate, old, nobody, or why it was refused. */
  outcome: string
}

export interface FtpAccountsTable {
  camera_id: string
  username: string
  /** `salt$hash`, both hex: the password is made by the box. */
  password_hash: string
  created_at: number
}
