/** A piece of the running product. Building one does nothing; `start` begins work, `stop` ends it and frees everything. */
export interface Part {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * A part with work that a page can be shown without: it asks slow programs, or keeps the processor busy for a while. The
 * late part starts when everything else runs and the page answers, and stops first.
 */
export interface PartWithLateWork extends Part {
  readonly latePart: Part
}
