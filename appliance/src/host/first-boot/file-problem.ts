/** What is wrong with a file, for the person who wrote it. Never repeats a value: it may be a password. */
export class FileProblem extends Error {
  /** From 1; null: of the file as a whole. */
  readonly line: number | null

  constructor(line: number | null, words: string) {
    super(words)
    this.name = 'FileProblem'
    this.line = line
  }
}
