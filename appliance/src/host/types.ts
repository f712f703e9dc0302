export type { Host, HostCallOptions } from './client.ts'
export type { BundleFacts, HostFacts, HostFeature, HostProgress, UpdateStatus } from './protocol/index.ts'
