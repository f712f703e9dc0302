import type { AuditEntry } from '../api/audit.ts'
import type { Trx } from '../db/database.ts'
import type { Principal, Route } from '../http/route.ts'

/** Every kind of entry; the words of both seeds where they have one (SEC-E2). */
export type AuditType =
  | 'login_success'
  | 'login_failure'
  | 'logout'
  | 'token_refresh'
  | 'token_reuse'
  | 'session_expired'
  | 'session_revoked'
  | 'session_address_changed'
  | 'session_device_changed'
  | 'device_trusted'
  | 'sudo_granted'
  | 'password_changed'
  | 'password_reset'
  | 'mfa_enabled'
  | 'mfa_disabled'
  | 'recovery_codes_renewed'
  | 'passkey_added'
  | 'passkey_removed'
  | 'user_created'
  | 'user_imported'
  | 'user_updated'
  | 'user_deactivated'
  | 'user_activated'
  | 'user_deleted'
  | 'invitation_created'
  | 'invitation_withdrawn'
  | 'role_created'
  | 'role_updated'
  | 'role_deleted'
  | 'api_key_created'
  | 'api_key_rotated'
  | 'api_key_revoked'
  | 'signing_key_rotated'
  | 'setting_changed'
  | 'device_added'
  | 'device_updated'
  | 'device_removed'
  | 'device_switched'
  | 'camera_zones_changed'
  | 'plug_account_added'
  | 'plug_account_removed'
  | 'incident_reviewed'
  | 'review_undone'
  | 'feedback_forgotten'
  | 'model_added'
  | 'model_chosen'
  | 'model_rolled_back'
  | 'model_removed'
  | 'mode_changed'
  | 'mode_options_changed'
  | 'presence_device_added'
  | 'presence_device_removed'
  | 'alert_rule_created'
  | 'alert_rule_updated'
  | 'alert_rule_deleted'
  | 'alert_options_changed'
  | 'permission_denied'
  | 'rate_limit_exceeded'
  | 'origin_refused'
  | 'admin_endpoint_used'
  | 'ftp_password_created'
  | 'network_changed'
  | 'tls_changed'
  | 'update_installed'
  | 'update_begun'
  | 'update_done'
  | 'update_rolled_back'
  | 'box_restarted'
  | 'box_powered_off'
  | 'factory_reset'
  | 'backup_restored'
  | 'certificate_renewed'
  | 'client_certificate_issued'
  | 'client_certificate_revoked'
  | 'remote_access_changed'
  | 'remote_peer_added'
  | 'remote_peer_removed'
  | 'remote_config_downloaded'

export interface AuditEvent {
  type: AuditType
  /** INFO when left out. */
  severity?: AuditEntry['severity']
  /** Who did it; null: nobody who is known. */
  who?: Pick<Principal, 'userId' | 'username' | 'role' | 'sessionId'> | null
  address?: string
  userAgent?: string
  /** What it was done to, for example `user:<id>`. */
  resource?: string
  /** Never secrets, never what somebody typed as a name or password. */
  details?: Readonly<Record<string, unknown>>
}

export interface Audit {
  readonly routes: readonly Route[]
  /** Part of the caller's transaction: what is recorded happened, what happened is recorded. */
  record(trx: Trx, event: AuditEvent): Promise<void>
  /** For what changes nothing (a refusal): written soon, in batches, never in anybody's way; at most 10 a second, more are counted. */
  note(event: AuditEvent): void
  /** Calls `listener` with every entry once it is certain; a refusal at once. The returned function stops that. */
  onEntry(listener: (entry: AuditEntry) => void): () => void
  /** Writes what still waits. */
  stop(): Promise<void>
}
