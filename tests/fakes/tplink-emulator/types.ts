import type { IotDevice } from './iot-device.ts'
import type { SmartDevice } from './smart-device.ts'

export interface Login {
  user: string
  password: string
}

/** How the next answers go wrong. */
export type Fault =
  | 'half' // announces all, sends half, hangs up
  | 'garbage' // bytes that mean nothing, with status 200
  | 'not-http' // bytes that are no HTTP at all
  | 'giant' // announces 2 GB and floods
  | 'endless' // announces no length and floods
  | 'never-ends' // sends all but the last byte and waits
  | 'silent' // takes the question, says nothing
  | 'dies' // carries the command out and hangs up without an answer
  | 'wrong-sequence' // a good answer to another question
  | 'status-500'

export type Encryption = 'klap1' | 'klap2' | 'tpap' | 'aes1' | 'aes2'

export interface EmulatorState {
  encryption: Encryption
  login: Login
  /** 403 to every beginning of a session: Third-Party Compatibility is off. */
  localAccessOff: boolean
  /** 403 to so many of the next questions. */
  forbidNext: number
  /** Garbage to every question of a session but the first. */
  oneQuestionPerSession: boolean
  /** Hangs up after each answer. */
  closesAfterReply: boolean
  delayMs: number
  fault: Fault | null
  /** Questions answered well before `fault` sets in. */
  faultAfter: number
  iot: IotDevice | null
  smart: SmartDevice | null
  /** What was counted. */
  readonly counts: {
    signIns: number
    failedLogins: number
    questions: number
    connections: number
    openNow: number
    mostOpen: number
  }
}

/** What a protocol makes of one HTTP question. */
export interface HttpReply {
  status: number
  headers?: Record<string, string>
  body: Buffer
  /** The body that would answer the question before. */
  wrongSequence?: Buffer
}

export interface Protocol {
  /** null: not my path. */
  answer(path: string, body: Buffer, cookie: string | null): Promise<HttpReply | null>
  forgetSessions(): void
}
