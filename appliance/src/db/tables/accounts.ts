/** People who may sign in. */
export interface UsersTable {
  id: string
  /** Lower case, unique. */
  username: string
  display_name: string
  /** admin, operator, viewer, guest. */
  role: string
  /** argon2id in PHC format. */
  password_hash: string
  password_changed_at: number
  /** Base32, sealed (context `totp:<user id>`); null until confirmed. */
  totp_secret: string | null
  /** Last accepted 30-second step: a code works once. */
  totp_last_step: number
  active: 0 | 1
  created_at: number
}

/** Earlier password hashes, so that the last five are refused. */
export interface PasswordHistoryTable {
  id: string
  user_id: string
  password_hash: string
  created_at: number
}

/** Single-use codes for when the phone is gone. */
export interface RecoveryCodesTable {
  id: string
  user_id: string
  /** SHA-256 of the code without dashes, upper case. */
  code_hash: string
  used_at: number | null
}

/** Signed-in browsers. */
export interface SessionsTable {
  id: string
  user_id: string
  /** SHA-256 of the cookie's token. */
  token_hash: string
  created_at: number
  last_seen_at: number
  expires_at: number
  user_agent: string
  address: string
  ended_at: number | null
  /** signed-out, expired, replaced, password-changed … */
  ended_reason: string | null
}

/** Failed sign-ins, so that growing delays survive a restart. One row a key; a good sign-in removes it. */
export interface LoginFailuresTable {
  /** SHA-256 of `account:<name>`, `address:<ip>` or `session:<id>`: typed names may be secrets typed into the wrong field. */
  key_hash: string
  failures: number
  last_failed_at: number
}
