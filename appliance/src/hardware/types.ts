import type { Accelerator, DecodeBlock, MachineReading } from '../api/hardware.ts'
import type { Hardware as HardwareReply } from '../api/system.ts'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

export type { Accelerator, DecodeBlock, MachineReading }

/** What this machine is. Everything but what vision adds to the API's reply. */
export type HardwareReport = Omit<HardwareReply, 'detector' | 'looking'>

/** Invariant: looking never changes anything and never needs rights; what cannot be read is left out. */
export interface Hardware {
  /** Reads the machine anew: sticks come and go. */
  probe(): Promise<HardwareReport>
}

/** How warm and how busy the machine is, looked at rarely and kept for two hours. */
export interface HardwareWatch extends Part {
  readonly routes: readonly Route[]
  /** Oldest first. */
  readings(): readonly MachineReading[]
}

/** A maker's own program, for what the kernel does not show. */
export interface Tools {
  /** What the program printed, or null when it is missing, fails or takes too long. */
  ask(command: string, args: readonly string[]): Promise<string | null>
}
