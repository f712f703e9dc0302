export { createHost, type Host, type HostCallOptions } from './client.ts'
export { BUNDLE_NAME } from './protocol/index.ts'
export type { BundleFacts, HostFacts, HostFeature, HostProgress, UpdateStatus } from './protocol/index.ts'
