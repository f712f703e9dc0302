export { createHost, type Host, type HostCallOptions } from './client.ts'
export type {
  BundleFacts,
  HostFacts,
  HostFeature,
  HostProgress,
  UpdateStatus,
  WireguardSetup,
  WireguardStatus,
} from './protocol/index.ts'
export { BUNDLE_NAME } from './protocol/index.ts'
export { createConsolePublisher, type ProductWords } from './console/index.ts'
export { COUNTRIES } from './wifi/index.ts'
export { readReport, sayProblem, type FirstBootReport } from './first-boot/index.ts'
