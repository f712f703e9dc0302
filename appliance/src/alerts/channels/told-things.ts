/** What channels that speak for the whole box need to know of it. */
export interface BoxFacts {
  /** Scheme, name and port under which the app is reached. */
  origin(): string
  homeName(): string
  /** JPEG of an incident; null when there is none. */
  picture(incidentId: string): Promise<Buffer | null>
}
