/** What the loader of a Raspberry Pi knows when it reads a filter such as `[pi5]` or `[tryboot]`. */
export interface LoaderFacts {
  board: 'pi4' | 'pi5'
  /** The one-shot flag that `reboot "0 tryboot"` leaves behind. */
  tryboot: boolean
}

export interface LoaderConfig {
  /** Key → value; the last line that applies wins. */
  values: ReadonlyMap<string, string>
  /** File of `initramfs FILE [ADDRESS]`, which has no equals sign. */
  initramfs: string | null
}

/** Filters of one kind replace each other; filters of different kinds must all hold. */
type FilterKind = 'board' | 'tryboot' | 'never'

const BOARD_FILTERS = new Set([
  'pi0',
  'pi0w',
  'pi02',
  'pi1',
  'pi2',
  'pi3',
  'pi3+',
  'pi4',
  'pi400',
  'cm4',
  'pi5',
  'pi500',
  'cm5',
])

/** Reads config.txt or autoboot.txt as the loader does: line by line, with its conditional filters. */
export function readLoaderConfig(text: string, facts: LoaderFacts): LoaderConfig {
  const values = new Map<string, string>()
  const filters = new Map<FilterKind, boolean>()
  let initramfs: string | null = null
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const filter = /^\[(.+)\]$/.exec(line)?.[1]
    if (filter !== undefined) {
      applyFilter(filters, filter.trim().toLowerCase(), facts)
      continue
    }
    if ([...filters.values()].includes(false)) continue
    if (/^include\s/.test(line)) throw new Error(`The boot simulator does not follow includes: ${line}`)
    initramfs = /^initramfs\s+(\S+)/.exec(line)?.[1] ?? initramfs
    const pair = /^([^=\s]+)\s*=(.*)$/.exec(line)
    if (pair?.[1] !== undefined) values.set(pair[1], (pair[2] ?? '').trim())
  }
  return { values, initramfs }
}

function applyFilter(filters: Map<FilterKind, boolean>, filter: string, facts: LoaderFacts): void {
  if (filter === 'all') filters.clear()
  else if (filter === 'tryboot') filters.set('tryboot', facts.tryboot)
  else if (BOARD_FILTERS.has(filter)) filters.set('board', filter === facts.board)
  // none, a screen, a serial number, a pin: nothing that the simulated board has.
  else filters.set('never', false)
}
