export { createHost, type Host, type HostCallOptions } from './client.ts'
export type { HostFacts, HostFeature, HostProgress } from './protocol/index.ts'
