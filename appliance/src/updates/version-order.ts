interface Version {
  numbers: readonly number[]
  /** What follows a dash; empty for a finished version. */
  early: readonly string[]
}

const FORM = /^v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/

function read(text: string): Version | null {
  const [, numbers, early] = FORM.exec(text.trim()) ?? []
  if (numbers === undefined) return null
  return { numbers: numbers.split('.').map(Number), early: early?.split('.') ?? [] }
}

/** As Semantic Versioning orders them: below 0 when `a` is older. null when one of them is no version. */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [read(a), read(b)]
  if (!left || !right) return null
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  return compareEarly(left.early, right.early)
}

function compareEarly(a: readonly string[], b: readonly string[]): number {
  // A finished version comes after all that led to it.
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compareWord(a[index] ?? '', b[index] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareWord(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA && isNumberB) return Number(a) - Number(b)
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

export const isNewer = (candidate: string, than: string): boolean => (compareVersions(candidate, than) ?? 0) > 0
