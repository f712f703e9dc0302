import { join } from 'node:path'
import { applyWishes, type Ground } from './apply.ts'
import { hashesOf, isKnown, readMemory, writeMemory } from './memory.ts'
import { findFiles, readFiles } from './read-files.ts'
import { sayProblem, writeReport, type FirstBootReport } from './report.ts'

/** The first partition, which every computer can write to. */
export const BOOT_FOLDER = 'bootcfg'

/**
 * Takes over what the household wrote on the card. Each version of a file counts once: what is changed in the app later
 * stays so until somebody writes the file anew. A file with a mistake changes nothing.
 */
export async function importWishes(ground: Ground): Promise<FirstBootReport> {
  const { root, log } = ground
  const files = await findFiles(join(root, BOOT_FOLDER))
  const report: FirstBootReport = { files: files.map(({ name }) => name), taken: [], problems: [] }
  if (files.length > 0 && !isKnown(await readMemory(root), files)) {
    const { wishes, problems } = readFiles(files)
    report.problems.push(...problems)
    if (problems.length === 0) {
      report.taken.push(...(await applyWishes(wishes, ground)))
      const wipe = Boolean(wishes.wifi?.password) && !wishes.keepPassword
      await writeMemory(root, { files: hashesOf(files), wipe })
    }
  }
  for (const problem of report.problems) log.warn(sayProblem(problem))
  if (report.taken.length > 0) log.info({ taken: report.taken }, 'Taken over from the card')
  await writeReport(root, report)
  return report
}
