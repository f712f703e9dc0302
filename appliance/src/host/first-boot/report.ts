import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../json-file.ts'
import { writeFileSafely } from '../wifi/index.ts'

/** Read by the console and, before setup, by the product. Holds no value of any file. */
const FILE = 'run/lares-first-boot/report.json'

const FirstBootReport = z.strictObject({
  /** The files on the card that count. */
  files: z.array(z.string()),
  /** What of them was taken over at this start, in words. */
  taken: z.array(z.string()),
  problems: z.array(z.strictObject({ file: z.string(), line: z.int().nullable(), words: z.string() })),
})
export type FirstBootReport = z.infer<typeof FirstBootReport>

export function writeReport(root: string, report: FirstBootReport): Promise<void> {
  return writeFileSafely(join(root, FILE), `${JSON.stringify(report)}\n`, 0o644)
}

/** What came of the files on the card at this start; null on a machine that has none of our first boot. */
export async function readReport(root = '/'): Promise<FirstBootReport | null> {
  return readJsonFile(FirstBootReport, join(root, FILE))
}

/** One sentence for a person: which file, which line, what. */
export function sayProblem({ file, line, words }: FirstBootReport['problems'][number]): string {
  return `${file}${line === null ? '' : `, line ${line}`}: ${words}`
}
