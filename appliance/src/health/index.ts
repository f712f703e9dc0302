export type { Notices } from './types.ts'
export { createHealth, type HealthDeps, type HealthPage, type PartHealth } from './health.ts'
export { createNotices } from './notices.ts'
