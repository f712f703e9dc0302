export { readHotspotState, type HotspotState } from './state-file.ts'
