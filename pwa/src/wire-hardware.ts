// What the page Hardware sends and gets: types only, so that no schema code gets into the bundle.
export type { Accelerator, DecodeBlock, MachineReading, MachineReadings } from '../../appliance/src/api/hardware.ts'
export type {
  BeginUpload,
  FetchModel,
  ModelEntry,
  ModelJob,
  Models,
  UploadReply,
} from '../../appliance/src/api/models.ts'
export type { DetectorCandidate, DetectorRoom, DetectorStatus, Hardware } from '../../appliance/src/api/system.ts'
