import type { Hardware as HardwareReply } from '../api/system.ts'

export type Accelerator = HardwareReply['accelerators'][number]

/** What this machine is. Everything but what vision adds to the API's reply. */
export type HardwareReport = Omit<HardwareReply, 'detector' | 'models' | 'looking'>

/** Invariant: looking never changes anything and never needs rights; what cannot be read is left out. */
export interface Hardware {
  /** Reads the machine anew: sticks come and go. */
  probe(): Promise<HardwareReport>
}
