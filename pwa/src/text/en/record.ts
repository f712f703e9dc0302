/** What a line of the record knows, in words already. */
export interface Told {
  /** Who did it; "Somebody" when it is not known. */
  who: string
  /** Who or what it was done to; null for the one who did it, and for things whose name nobody knows any more. */
  whom: string | null
  /** Where from; null when it is not known. */
  from: string | null
}

interface Kind {
  /** For the filter. */
  name: string
  say: (told: Told) => string
}

const of = (whom: string | null): string => (whom === null ? '' : ` of ${whom}`)
const whomOr = (whom: string | null, other: string): string => whom ?? other
const from = (where: string | null): string => (where === null ? '' : ` from ${where}`)
const role = (whom: string | null): string => (whom === null ? 'a role' : `the role ${whom}`)
const own = ({ whom }: Told, what: string): string => (whom === null ? `their own ${what}` : `the ${what} of ${whom}`)

const kinds: Record<string, Kind> = {
  login_success: { name: 'Signed in', say: ({ who, from: where }) => `${who} signed in${from(where)}` },
  login_failure: {
    name: 'Sign-in refused',
    say: ({ whom, from: where }) => `Sign-in refused for ${whomOr(whom, 'an unknown name')}${from(where)}`,
  },
  logout: { name: 'Signed out', say: ({ who }) => `${who} signed out` },
  token_refresh: { name: 'Stayed signed in', say: ({ who }) => `${who} stayed signed in` },
  token_reuse: {
    name: 'Stolen sign-in stopped',
    say: ({ who, from: where }) => `A sign-in of ${who} was used twice${from(where)}, and ended`,
  },
  session_expired: { name: 'Sign-in ran out', say: ({ who }) => `A sign-in of ${who} ran out` },
  session_revoked: {
    name: 'Signed out elsewhere',
    say: ({ who, whom }) => (whom === null ? `A sign-in of ${who} was ended` : `${who} signed ${whom} out everywhere`),
  },
  session_address_changed: {
    name: 'Address changed',
    say: ({ who, from: where }) => `${who} went on${where === null ? ' from another address' : from(where)}`,
  },
  session_device_changed: {
    name: 'Other browser stopped',
    say: ({ who, from: where }) => `A sign-in of ${who} turned up in another browser${from(where)}, and ended`,
  },
  device_trusted: { name: 'Phone trusted', say: ({ who }) => `${who} trusts a phone to stay signed in` },
  sudo_granted: { name: 'Proved to be there', say: ({ who }) => `${who} proved to be there` },
  password_changed: { name: 'Password changed', say: (told) => `${told.who} changed ${own(told, 'password')}` },
  password_reset: { name: 'Password reset', say: ({ who, whom }) => `${who} reset a password${of(whom)}` },
  mfa_enabled: { name: 'Second factor set up', say: ({ who, whom }) => `${who} set up a second factor${of(whom)}` },
  mfa_disabled: { name: 'Second factor removed', say: ({ who, whom }) => `${who} removed a second factor${of(whom)}` },
  recovery_codes_renewed: { name: 'Recovery codes made', say: ({ who }) => `${who} made new recovery codes` },
  passkey_added: { name: 'Passkey added', say: ({ who }) => `${who} added a passkey` },
  passkey_removed: { name: 'Passkey removed', say: ({ who, whom }) => `${who} removed a passkey${of(whom)}` },
  user_created: {
    name: 'Account made',
    say: ({ who, whom }) => (whom === null ? `${who} got an account` : `${who} made an account for ${whom}`),
  },
  user_imported: {
    name: 'Account brought over',
    say: ({ whom }) => `The account of ${whomOr(whom, 'somebody')} was brought over`,
  },
  user_updated: { name: 'Account changed', say: (told) => `${told.who} changed ${own(told, 'account')}` },
  user_deactivated: { name: 'Account switched off', say: (told) => `${told.who} switched off ${own(told, 'account')}` },
  user_activated: { name: 'Account switched on', say: (told) => `${told.who} switched on ${own(told, 'account')}` },
  user_deleted: { name: 'Account removed', say: (told) => `${told.who} removed ${own(told, 'account')}` },
  invitation_created: { name: 'Invited', say: ({ who, whom }) => `${who} invited ${whomOr(whom, 'somebody')}` },
  invitation_withdrawn: {
    name: 'Invitation withdrawn',
    say: ({ who, whom }) => `${who} withdrew the invitation of ${whomOr(whom, 'somebody')}`,
  },
  role_created: { name: 'Role made', say: ({ who, whom }) => `${who} made ${role(whom)}` },
  role_updated: { name: 'Role changed', say: ({ who, whom }) => `${who} changed ${role(whom)}` },
  role_deleted: { name: 'Role removed', say: ({ who, whom }) => `${who} removed ${role(whom)}` },
  api_key_created: {
    name: 'API key made',
    say: ({ who, whom }) => `${who} made an API key for ${whomOr(whom, 'a program')}`,
  },
  api_key_rotated: {
    name: 'API key replaced',
    say: ({ who, whom }) => `${who} replaced the API key of ${whomOr(whom, 'a program')}`,
  },
  api_key_revoked: {
    name: 'API key taken back',
    say: ({ who, whom }) => `${who} took back the API key of ${whomOr(whom, 'a program')}`,
  },
  signing_key_rotated: { name: 'Signing key renewed', say: () => 'The key that signs sign-ins was renewed' },
  camera_zones_changed: { name: 'Zones drawn', say: ({ who }) => `${who} drew zones or masks of a camera anew` },
  setting_changed: {
    name: 'Setting changed',
    say: ({ who, whom }) => `${who} changed ${whom === null ? 'a setting' : `the setting ${whom}`}`,
  },
  device_added: { name: 'Plug added', say: ({ who, whom }) => `${who} added ${whomOr(whom, 'a plug')}` },
  device_updated: {
    name: 'Plug changed',
    say: ({ who, whom }) => `${who} changed ${whomOr(whom, 'rooms, groups, scenes or a plug')}`,
  },
  device_removed: { name: 'Plug removed', say: ({ who, whom }) => `${who} removed ${whomOr(whom, 'a plug')}` },
  device_switched: { name: 'Plug switched', say: ({ who, whom }) => `${who} switched ${whomOr(whom, 'plugs')}` },
  plug_account_added: { name: 'TP-Link account entered', say: ({ who }) => `${who} entered a TP-Link account` },
  plug_account_removed: { name: 'TP-Link account removed', say: ({ who }) => `${who} removed a TP-Link account` },
  incident_reviewed: { name: 'Incident reviewed', say: ({ who }) => `${who} reviewed incidents` },
  review_undone: { name: 'Review taken back', say: ({ who }) => `${who} took a review back` },
  feedback_forgotten: { name: 'Learning forgotten', say: ({ who }) => `${who} let Lares forget what marks had taught` },
  model_added: { name: 'Model added', say: ({ who, whom }) => `${who} added ${whomOr(whom, 'a model')}` },
  model_chosen: { name: 'Model chosen', say: ({ who, whom }) => `${who} let ${whomOr(whom, 'another model')} look` },
  model_rolled_back: {
    name: 'Model given up',
    say: ({ whom }) => `A model was given up; ${whomOr(whom, 'the one before')} looks again`,
  },
  model_removed: { name: 'Model removed', say: ({ who, whom }) => `${who} removed ${whomOr(whom, 'a model')}` },
  network_changed: {
    name: 'Network changed',
    say: ({ who }) => `${who} changed the Wi-Fi of the box`,
  },
  mode_changed: {
    name: 'Mode changed',
    say: ({ who, whom }) =>
      who === 'Somebody' ? `The mode became ${whomOr(whom, 'another')}` : `${who} chose ${whomOr(whom, 'a mode')}`,
  },
  mode_options_changed: { name: 'Modes changed', say: ({ who }) => `${who} changed how modes work` },
  presence_device_added: {
    name: 'Presence added',
    say: ({ who }) => `${who} added a phone that tells who is home`,
  },
  presence_device_removed: {
    name: 'Presence removed',
    say: ({ who }) => `${who} removed a phone that tells who is home`,
  },
  alert_rule_created: { name: 'Alert rule made', say: ({ who }) => `${who} made an alert rule` },
  alert_rule_updated: { name: 'Alert rule changed', say: ({ who }) => `${who} changed an alert rule` },
  alert_rule_deleted: { name: 'Alert rule removed', say: ({ who }) => `${who} removed an alert rule` },
  alert_options_changed: { name: 'Alerts changed', say: ({ who }) => `${who} changed quiet hours or what is watched` },
  permission_denied: {
    name: 'Not allowed',
    say: ({ who, from: where }) => `${who} tried something that is not allowed${from(where)}`,
  },
  rate_limit_exceeded: {
    name: 'Too many requests',
    say: ({ who, from: where }) => `${who} asked too often${from(where)}`,
  },
  origin_refused: {
    name: 'Foreign page refused',
    say: ({ from: where }) => `A page from elsewhere was refused${from(where)}`,
  },
  ftp_password_created: { name: 'FTP password made', say: ({ who }) => `${who} made an FTP password for a camera` },
  tls_changed: { name: 'Certificates changed', say: ({ who }) => `${who} changed how certificates are used` },
  update_installed: { name: 'Update installed', say: ({ who }) => `${who} had an update written beside what runs` },
  update_begun: { name: 'Restart into an update', say: ({ who }) => `${who} had the box try the new system` },
  update_done: { name: 'Update done', say: () => 'The new system has proven itself' },
  update_rolled_back: { name: 'Update taken back', say: () => 'The new system did not prove itself' },
  box_restarted: { name: 'Box restarted', say: ({ who }) => `${who} restarted the box` },
  box_powered_off: { name: 'Box switched off', say: ({ who }) => `${who} switched the box off` },
  factory_reset: { name: 'Factory reset', say: ({ who }) => `${who} asked for a factory reset` },
  backup_restored: {
    name: 'Backup restored',
    say: () => 'The database of a backup was taken: what came after it is gone',
  },
  certificate_renewed: { name: 'Certificate renewed', say: () => 'Lares uses a new certificate' },
  client_certificate_issued: {
    name: 'Client certificate made',
    say: ({ who }) => `${who} made a certificate for a phone`,
  },
  client_certificate_revoked: {
    name: 'Client certificate taken back',
    say: ({ who }) => `${who} took back the certificate of a phone`,
  },
  remote_access_changed: {
    name: 'Remote access changed',
    say: ({ who }) => `${who} changed how Lares is reached from outside`,
  },
  remote_peer_added: { name: 'Phone let in', say: ({ who }) => `${who} let a phone in from outside` },
  remote_peer_removed: {
    name: 'Phone shut out',
    say: ({ who }) => `${who} shut out a phone that came in from outside`,
  },
  remote_config_downloaded: {
    name: 'Tunnel file taken',
    say: ({ who }) => `${who} took the file by which another machine runs the tunnel`,
  },
  admin_endpoint_used: { name: 'Admin door used', say: ({ from: where }) => `The admin door was used${from(where)}` },
}

export const recordText = {
  title: 'Record',
  lead: 'Who did what, newest first. Nothing here can be changed.',
  kinds,
  /** Kinds by what they are about, for the filter. */
  groups: [
    {
      name: 'Signing in and out',
      of: ['login_success', 'login_failure', 'logout', 'session_revoked', 'session_expired', 'token_refresh'],
    },
    {
      name: 'Watch out',
      of: [
        'token_reuse',
        'session_device_changed',
        'session_address_changed',
        'permission_denied',
        'rate_limit_exceeded',
        'origin_refused',
        'admin_endpoint_used',
      ],
    },
    {
      name: 'Passwords and second factors',
      of: [
        'password_changed',
        'password_reset',
        'mfa_enabled',
        'mfa_disabled',
        'recovery_codes_renewed',
        'passkey_added',
        'passkey_removed',
        'device_trusted',
        'sudo_granted',
      ],
    },
    {
      name: 'People and roles',
      of: [
        'user_created',
        'user_imported',
        'user_updated',
        'user_deactivated',
        'user_activated',
        'user_deleted',
        'invitation_created',
        'invitation_withdrawn',
        'role_created',
        'role_updated',
        'role_deleted',
      ],
    },
    {
      name: 'Plugs',
      of: [
        'device_added',
        'device_updated',
        'device_removed',
        'device_switched',
        'plug_account_added',
        'plug_account_removed',
      ],
    },
    {
      name: 'Keys and settings',
      of: [
        'api_key_created',
        'api_key_rotated',
        'api_key_revoked',
        'signing_key_rotated',
        'setting_changed',
        'network_changed',
        'ftp_password_created',
        'camera_zones_changed',
      ],
    },
    { name: 'Incidents', of: ['incident_reviewed', 'review_undone', 'feedback_forgotten'] },
    {
      name: 'Modes and alerts',
      of: [
        'mode_changed',
        'mode_options_changed',
        'presence_device_added',
        'presence_device_removed',
        'alert_rule_created',
        'alert_rule_updated',
        'alert_rule_deleted',
        'alert_options_changed',
      ],
    },
    { name: 'Models', of: ['model_added', 'model_chosen', 'model_rolled_back', 'model_removed'] },
    {
      name: 'Updates and the box',
      of: [
        'update_installed',
        'update_begun',
        'update_done',
        'update_rolled_back',
        'box_restarted',
        'box_powered_off',
        'factory_reset',
        'backup_restored',
      ],
    },
    {
      name: 'Certificates',
      of: ['tls_changed', 'certificate_renewed', 'client_certificate_issued', 'client_certificate_revoked'],
    },
    {
      name: 'Remote access',
      of: ['remote_access_changed', 'remote_peer_added', 'remote_peer_removed', 'remote_config_downloaded'],
    },
  ],
  show: 'Show',
  everything: 'Everything',
  somebody: 'Somebody',
  gone: 'somebody who is gone',
  unknown: (type: string) => `Something happened: ${type}`,
  empty: { title: 'Nothing here', text: 'Nothing of this kind is in the record.', clear: 'Show everything' },
  loadingMore: 'Loading more',
  end: 'That is everything.',
  facts: {
    kind: 'Kind',
    severity: 'How serious',
    address: 'Address',
    browser: 'Browser',
    role: 'Role',
    resource: 'What it was about',
  },
  severities: { INFO: 'Usual', WARNING: 'Notice', ERROR: 'Problem', CRITICAL: 'Serious' },
}
