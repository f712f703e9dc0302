import { join } from 'node:path'
import { readFacts, type MachineFacts } from '../facts.ts'
import { listNames, readText } from '../read-files.ts'
import { judgeSet, type LayerVerdict } from './judge.ts'
import { readVersion } from './read-versions.ts'
import { layerTableSchema, type LayerSet, type LayerTable } from './table.ts'

/** Where an installed layer lays its table. */
export const LAYER_FOLDER = '/usr/share/lares/accelerators'

export interface LayerReport {
  /** Layer and chip, for example `Hailo: Hailo-8 and Hailo-8L`. */
  title: string
  /** Beyond the verdicts: `idle`, no such chip is here; `broken`, its table cannot be read. */
  state: LayerVerdict['state'] | 'idle' | 'broken'
  words: string
  /** What to do, or null. */
  fix: string | null
}

/** One report for each chip of each installed layer. `root` is `/` in the product. Changes nothing. */
export async function examineLayers(root = '/'): Promise<LayerReport[]> {
  const files = (await listNames(join(root, LAYER_FOLDER))).filter((name) => name.endsWith('.json'))
  if (files.length === 0) return []
  const facts = await readFacts(root)
  const reports = await Promise.all(files.map((file) => examineLayer(root, facts, file)))
  return reports.flat()
}

async function examineLayer(root: string, facts: MachineFacts, file: string): Promise<LayerReport[]> {
  const table = parseTable(await readText(join(root, LAYER_FOLDER, file)))
  if (!table) {
    const fix = `Install it anew: sudo apt install --reinstall lares-accelerator-${file.replace('.json', '')}`
    return [{ title: file, state: 'broken', words: 'Its table of versions cannot be read.', fix }]
  }
  const here = table.sets.filter((set) => isHere(facts, set))
  if (here.length === 0) return [{ title: table.title, state: 'idle', words: notHere(facts, table), fix: null }]
  return Promise.all(
    here.map(async (set) => {
      const found = await Promise.all(
        set.parts.map(async (part) => ({ part, installed: await readVersion(root, table.accelerator, part) })),
      )
      return { title: `${table.title}: ${set.title}`, ...judgeSet(set, found) }
    }),
  )
}

function parseTable(text: string): LayerTable | null {
  try {
    return layerTableSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isHere(facts: MachineFacts, { chips }: LayerSet): boolean {
  const pci = facts.pci.some(({ vendor, device }) => chips.pci?.includes(`${vendor}:${device}`))
  const usb = facts.usb.some(({ vendor, product }) => chips.usb?.includes(`${vendor}:${product}`))
  const compatible = facts.compatible.some((each) => chips.compatible?.includes(each))
  const release = chips.jetsonRelease === undefined || jetsonMajor(facts) === chips.jetsonRelease
  return release && (pci || usb || compatible)
}

const jetsonMajor = ({ jetsonRelease }: MachineFacts): string | undefined => /\bR(\d+)\b/.exec(jetsonRelease)?.[1]

/** A Jetson with a system that no set is for deserves to be told apart from no Jetson at all. */
function notHere(facts: MachineFacts, { sets }: LayerTable): string {
  const release = jetsonMajor(facts)
  const wanted = sets.map(({ chips }) => chips.jetsonRelease).filter((each) => each !== undefined)
  const isOther = sets.some((set) => isHere(facts, { ...set, chips: { ...set.chips, jetsonRelease: undefined } }))
  if (!isOther || wanted.length === 0) return 'Installed; no such chip is here.'
  return `Installed; for Jetson Linux R${wanted.join(' and R')}, but ${release ? `R${release}` : 'another system'} runs here.`
}
