/** A piece of the running product. Building one does nothing; `start` begins work, `stop` ends it and frees everything. */
export interface Part {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
}
