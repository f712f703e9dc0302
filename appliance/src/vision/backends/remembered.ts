import type { Candidate } from './backend.ts'

/** What survives a restart: who won, and who was being tried when it ended. */
export interface Remembered {
  winner: string | null
  trying: string | null
}

export interface Memory {
  get(): Remembered
  set(value: Remembered): Promise<void>
}

/** Without a place to write, every start is the first. */
export function forgetfulMemory(): Memory {
  let kept: Remembered = { winner: null, trying: null }
  return { get: () => kept, set: async (value) => void (kept = value) }
}

export const remember = (memory: Memory, change: Partial<Remembered>): Promise<void> =>
  memory.set({ ...memory.get(), ...change })

/** Writes down who is being tried while it is: a driver that takes the product down is not tried again at once. */
export async function noted<T>(memory: Memory, { id, isRisky }: Candidate, run: () => Promise<T>): Promise<T> {
  if (!isRisky) return run()
  await remember(memory, { trying: id })
  try {
    return await run()
  } finally {
    await remember(memory, { trying: null })
  }
}
