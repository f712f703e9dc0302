// Names of the environment that the product reads: those of whoever runs the tests must not reach the product under test.
// tests/rules/settings.test.ts holds this list against the code.
const OURS = new Set([
  'ENVIRONMENT',
  'DEBUG',
  'ADMIN_ENABLED',
  'ADMIN_API_KEY',
  'API_KEY_ENABLED',
  'API_KEYS',
  'JWT_SECRET_KEY',
  'CORS_ORIGINS',
  'CORS_ALLOWED_ORIGINS',
  'ACCESS_TOKEN_EXPIRE_MINUTES',
  'REFRESH_TOKEN_EXPIRE_DAYS',
  'SESSION_TIMEOUT_MINUTES',
  'SESSION_WARNING_MINUTES',
  'MAX_CONCURRENT_SESSIONS',
  'SUDO_MINUTES',
  'PASSWORD_MAX_AGE_DAYS',
  'LOGIN_MAX_FAILURES',
  'ALLOW_INSECURE',
  'SECURITY_CONTACT',
  'BATCH_WINDOW_SECONDS',
  'BATCH_IDLE_TIMEOUT_SECONDS',
  'CAMERA_TIMEZONE',
  'FILE_WATCHER_POLLING',
  'FILE_WATCHER_POLLING_INTERVAL',
  'FOSCAM_BASE_PATH',
  'NEMOTRON_URL',
  'YOLO26_URL',
])

export const isOurs = (name) =>
  ['LARES_', 'LLM_', 'DETECTOR_', 'RATE_LIMIT_', 'TLS_', 'ACME_'].some((prefix) => name.startsWith(prefix)) ||
  OURS.has(name.replace(/_FILE$/, ''))
