export { createHost, type Host, type HostCallOptions } from './client.ts'
export type { HostFacts, HostFeature, HostProgress, WireguardSetup, WireguardStatus } from './protocol/index.ts'
export { createConsolePublisher, type ProductWords } from './console/index.ts'
export { readReport, sayProblem, type FirstBootReport } from './first-boot/index.ts'
