import type { CameraViewsTable } from './camera-views.ts'
import type { CameraFoundStreamsTable, CamerasTable } from './cameras.ts'
import type { IncidentsTable, IncidentTracksTable } from './incidents.ts'
import type { EnergyMetersTable, EnergyReadingsTable } from './energy.ts'
import type {
  PlugAccountsTable,
  PlugAddressesTable,
  PlugDevicesTable,
  PlugGroupMembersTable,
  PlugGroupsTable,
  PlugSceneStepsTable,
  PlugScenesTable,
  PlugsTable,
  RoomsTable,
} from './plugs.ts'
import type {
  AlertChannelsTable,
  AlertNoticesTable,
  AlertSnoozesTable,
  OutboxTable,
  PushTargetsTable,
} from './alerts.ts'
import type {
  ApiKeysTable,
  InvitationsTable,
  LoginFailuresTable,
  PasskeysTable,
  PasswordHistoryTable,
  RateBudgetsTable,
  RecoveryCodesTable,
  RefreshTokensTable,
  RolesTable,
  SessionsTable,
  UserCamerasTable,
  UsersTable,
} from './accounts.ts'
import type { AuditTable } from './audit.ts'
import type {
  AlertDecisionsTable,
  AlertRulesTable,
  LifelineTable,
  ModeChangesTable,
  PlugWatchesTable,
  PresenceDevicesTable,
  ToldNoticesTable,
} from './alert-rules.ts'
import type {
  ActivityBaselinesTable,
  ActivitySinceTable,
  ExpectationsTable,
  IncidentAssessmentsTable,
  IncidentPlugsTable,
} from './risk.ts'
import type {
  FeedbackResetsTable,
  IncidentCountsTable,
  IncidentSearchDueTable,
  IncidentSearchTable,
  IncidentWordsTable,
  ReviewActsTable,
  ReviewChangesTable,
} from './review.ts'
import type { RemotePeersTable } from './remote-access.ts'
import type { SettingsTable } from './settings.ts'
import type { ClientCertificatesTable } from './tls.ts'
import type { FtpAccountsTable, UploadsSeenTable } from './uploads.ts'
import type { CameraZonesTable, CameraZoneSettingsTable } from './zones.ts'
import type { CameraSizesTable } from './vision.ts'

/**
 * Every table. Rules that keep SQLite and Postgres alike: 0/1 for booleans, epoch milliseconds for times, integer
 * milli-units for measures, JSON as text, ids as text that sorts by time.
 */
export interface Tables {
  settings: SettingsTable
  users: UsersTable
  password_history: PasswordHistoryTable
  recovery_codes: RecoveryCodesTable
  sessions: SessionsTable
  login_failures: LoginFailuresTable
  refresh_tokens: RefreshTokensTable
  roles: RolesTable
  user_cameras: UserCamerasTable
  invitations: InvitationsTable
  passkeys: PasskeysTable
  api_keys: ApiKeysTable
  rate_budgets: RateBudgetsTable
  audit: AuditTable
  client_certificates: ClientCertificatesTable
  remote_peers: RemotePeersTable
  cameras: CamerasTable
  camera_found_streams: CameraFoundStreamsTable
  camera_zones: CameraZonesTable
  camera_zone_settings: CameraZoneSettingsTable
  camera_sizes: CameraSizesTable
  camera_views: CameraViewsTable
  incidents: IncidentsTable
  incident_tracks: IncidentTracksTable
  incident_assessments: IncidentAssessmentsTable
  incident_plugs: IncidentPlugsTable
  incident_counts: IncidentCountsTable
  incident_search: IncidentSearchTable
  incident_search_due: IncidentSearchDueTable
  incident_words: IncidentWordsTable
  review_acts: ReviewActsTable
  review_changes: ReviewChangesTable
  feedback_resets: FeedbackResetsTable
  activity_baselines: ActivityBaselinesTable
  activity_since: ActivitySinceTable
  expectations: ExpectationsTable
  push_targets: PushTargetsTable
  alert_notices: AlertNoticesTable
  outbox: OutboxTable
  rooms: RoomsTable
  plug_devices: PlugDevicesTable
  plugs: PlugsTable
  plug_addresses: PlugAddressesTable
  plug_groups: PlugGroupsTable
  plug_group_members: PlugGroupMembersTable
  plug_scenes: PlugScenesTable
  plug_scene_steps: PlugSceneStepsTable
  plug_accounts: PlugAccountsTable
  energy_meters: EnergyMetersTable
  energy_readings: EnergyReadingsTable
  alert_channels: AlertChannelsTable
  alert_snoozes: AlertSnoozesTable
  mode_changes: ModeChangesTable
  presence_devices: PresenceDevicesTable
  alert_rules: AlertRulesTable
  alert_decisions: AlertDecisionsTable
  told_notices: ToldNoticesTable
  plug_watches: PlugWatchesTable
  lifeline: LifelineTable
  uploads_seen: UploadsSeenTable
  ftp_accounts: FtpAccountsTable
}
