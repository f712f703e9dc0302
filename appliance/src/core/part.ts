/** A piece of the running product. Building one does nothing; `start` begins work, `stop` ends it and frees everything. */
export interface Part {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
}

/** A part with work that a page can be shown without: it asks slow programs, or keeps the processor busy for a while. */
export interface PartWithLateWork extends Part {
  /**
   * Begins that work, when everything else runs and the page answers; `stop` ends it. It must not wait for anybody else:
   * who is silent would hold up what comes after.
   */
  startLate(): Promise<void>
}
