/** People who may sign in. */
export interface UsersTable {
  id: string
  /** Lower case, unique. */
  username: string
  display_name: string
  /** admin, operator, viewer, guest, or the id of a row in `roles`. */
  role: string
  /** 1: only the cameras in `user_cameras`. */
  cameras_limited: 0 | 1
  /** argon2id in PHC format; bcrypt for an imported account that has not signed in yet. */
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

/** Roles made in this home. */
export interface RolesTable {
  id: string
  name: string
  /** JSON array of permissions. */
  permissions: string
  created_at: number
  updated_at: number
}

export interface UserCamerasTable {
  user_id: string
  camera_id: string
}

/** One-time links by which people make their own account. */
export interface InvitationsTable {
  id: string
  token_hash: string
  display_name: string
  role: string
  /** JSON array of camera ids; null: all. */
  cameras: string | null
  invited_by: string
  created_at: number
  expires_at: number
  used_at: number | null
  withdrawn_at: number | null
}

/** Signed-in browsers. */
export interface SessionsTable {
  id: string
  user_id: string
  /** SHA-256 of the browser's device token: a token that turns up in another browser ends the session. */
  device_hash: string
  /** Family of browser and system without versions, from the user agent. */
  fingerprint: string
  created_at: number
  last_seen_at: number
  expires_at: number
  user_agent: string
  address: string
  /** A phone of one's own: never idles out, its refresh slides. */
  trusted: 0 | 1
  /** Until when the second factor counts as fresh. */
  fresh_until: number
  ended_at: number | null
  /** signed-out, expired, replaced, password-changed … */
  ended_reason: string | null
}

/** Each works once; one that comes back after it was used ends its session (SEC-A6). */
export interface RefreshTokensTable {
  /** SHA-256 of the token. */
  token_hash: string
  session_id: string
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface PasskeysTable {
  id: string
  user_id: string
  name: string
  /** Name of the box under which it was made; it works only there. */
  rp_id: string
  /** base64url, unique. */
  credential_id: string
  /** COSE public key, base64url. */
  public_key: string
  counter: number
  /** JSON array. */
  transports: string
  created_at: number
  last_used_at: number | null
}

/** Keys of programs. */
export interface ApiKeysTable {
  id: string
  /** Who made it; null: from the environment. */
  user_id: string | null
  name: string
  prefix: string
  /** SHA-256 of the whole key (256 random bits need no slow hash). */
  key_hash: string
  /** JSON array of permissions. */
  scopes: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  last_used_from: string | null
  /** The key that replaced it. */
  replaced_by: string | null
  revoked_at: number | null
}

/** Budgets that a restart must not refill: sign-in. */
export interface RateBudgetsTable {
  key_hash: string
  points: number
  expires_at: number
}

/** Failed sign-ins, so that growing delays survive a restart. One row a key; a good sign-in removes it. */
export interface LoginFailuresTable {
  /** SHA-256 of `account:<name>`, `address:<ip>` or `session:<id>`: typed names may be secrets typed into the wrong field. */
  key_hash: string
  failures: number
  last_failed_at: number
}
