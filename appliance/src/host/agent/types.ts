import type { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { HOST_COMMANDS, HostCommandName, HostFeature, HostProgress, HostResult } from '../protocol/index.ts'

/** What every handler stands on. */
export interface AgentGround {
  clock: Clock
  log: Log
  /** `/`, or a folder that stands for the machine in tests. */
  root: string
  /** What this machine has, found once at the start. */
  features: readonly HostFeature[]
}

export type Tell = (progress: HostProgress) => void

/** Carries out one command. Parameters are checked before it is called. */
export type Handler<Name extends HostCommandName> = (
  params: z.output<(typeof HOST_COMMANDS)[Name]['params']>,
  tell: Tell,
) => Promise<HostResult<Name>>

export type Handlers = { readonly [Name in HostCommandName]: Handler<Name> }
