import { messageOf } from '../../../core/errors.ts'
import { problem, type Patient, type Section } from '../finding.ts'
import { readFacts } from './facts.ts'
import { ITEMS, LISTS, type ListName } from './items.ts'

/** Checklists of the stage in which Lares runs, or all of them (SEC-F5). */
export async function checklistSections(patient: Patient, { all }: { all: boolean }): Promise<Section[]> {
  const stage = patient.input.config.environment
  const wanted = LISTS.filter((name) => all || name === stage)
  try {
    const facts = await readFacts(patient)
    return wanted.map((name) => ({
      title: titleOf(name),
      findings: ITEMS.filter((item) => item.list === name).map((item) => item.judge(`${item.id} ${item.title}`, facts)),
    }))
  } catch (error) {
    return [{ title: 'Checklists', findings: [problem('Checklists', messageOf(error))] }]
  }
}

const titleOf = (name: ListName): string => `Checklist: ${name}`
