export { createHost, type Host, type HostCallOptions } from './client.ts'
export type { HostFacts, HostFeature, HostProgress, WireguardSetup, WireguardStatus } from './protocol/index.ts'
