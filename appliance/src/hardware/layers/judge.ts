import type { LayerPart, LayerSet } from './table.ts'

export interface PartFound {
  part: LayerPart
  /** null: not installed, or it does not say its version. */
  installed: string | null
}

export interface LayerVerdict {
  /**
   * `pinned`: the very versions that the layer was written for. `matching`: others, which belong together all the same.
   * `mismatch`: they do not belong together, and the chip will not work or not for long. `missing`: something is not there.
   */
  state: 'pinned' | 'matching' | 'mismatch' | 'missing'
  words: string
  fix: string | null
}

/** Whether driver, library and firmware belong together, and in words which does not. */
export function judgeSet(set: LayerSet, found: readonly PartFound[]): LayerVerdict {
  const missing = found.filter(({ part, installed }) => part.isNeeded && installed === null)
  const faults = [...outsiders(found), ...outsideRange(found)]
  const said = found
    .filter(({ installed }) => installed !== null)
    .map(({ part, installed }) => `${part.name} ${installed}`)
    .join(', ')
  if (faults.length > 0) return { state: 'mismatch', words: `${faults.join(' ')} Installed: ${said}.`, fix: set.fix }
  if (missing.length > 0) {
    const names = missing.map(({ part }) => `${part.name} (${part.pinned})`).join(', ')
    return { state: 'missing', words: `Not found: ${names}.${said ? ` Installed: ${said}.` : ''}`, fix: set.fix }
  }
  const isPinned = found.every((each) => each.installed === null || isAsPinned(each.part, each.installed))
  if (isPinned) return { state: 'pinned', words: `${said}: as this layer was written for.`, fix: null }
  const pinned = found.map(({ part }) => `${part.name} ${part.pinned}`).join(', ')
  return { state: 'matching', words: `${said}: they belong together. This layer was written for ${pinned}.`, fix: null }
}

/** Parts that have to have one version: the one that most of them have is taken for meant, the first wins a tie. */
function outsiders(found: readonly PartFound[]): string[] {
  const bound = found.filter(({ part, installed }) => part.rule === 'same' && installed !== null)
  const shortened = (each: PartFound): string => shorten(each.installed ?? '', each.part.places)
  const votes = bound.map((each) => bound.filter((other) => shortened(other) === shortened(each)).length)
  const meant = bound[votes.indexOf(Math.max(...votes))]
  if (!meant) return []
  return bound
    .filter((each) => shortened(each) !== shortened(meant))
    .map(
      ({ part, installed }) =>
        `${capital(part.name)} ${installed} does not fit ${meant.part.name} ${meant.installed}; they have to be the same.`,
    )
}

function outsideRange(found: readonly PartFound[]): string[] {
  return found.flatMap(({ part, installed }) => {
    if (installed === null) return []
    if (part.rule === 'family' && !isFamily(installed, part.pinned))
      return [`${capital(part.name)} ${installed} does not belong to this system; ${part.pinned} does.`]
    if (part.rule === 'atLeast' && compare(installed, part.pinned) < 0)
      return [`${capital(part.name)} ${installed} is older than ${part.pinned}.`]
    return []
  })
}

const shorten = (version: string, places: number): string => version.split('.').slice(0, places).join('.')

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Of parts with a range, whatever lies in it is as good as the pinned version; what lies outside was a fault before. */
function isAsPinned({ rule, pinned, places }: LayerPart, installed: string): boolean {
  return rule !== 'same' || shorten(installed, places) === shorten(pinned, places)
}

const isFamily = (version: string, family: string): boolean => version === family || version.startsWith(`${family}.`)

/** Negative when `a` is older. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((each) => each.split('.').map(Number)) as [number[], number[]]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
