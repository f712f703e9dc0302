import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise } from '../../core/supervise.ts'
import type { Database } from '../../db/index.ts'
import { createSizeGrid, type SizeGrid } from './size-grid.ts'
import { listSizes, saveSizes } from './sizes-store.ts'

export interface SizesKeeperDeps {
  database: Database
  clock: Clock
  log: Log
}

/** The size grid of each camera, brought to disk now and then, so that it outlives a restart. */
export interface SizesKeeper extends Part {
  sizesOf(cameraId: string): SizeGrid
  forget(cameraId: string): void
}

/** Losing a quarter of an hour of learning does no harm; writing at each sighting would wear the card out. */
const SAVE_EVERY_MS = 15 * 60_000

export function createSizesKeeper({ database, clock, log }: SizesKeeperDeps): SizesKeeper {
  const grids = new Map<string, SizeGrid>()
  const savedAs = new Map<string, string>()

  function sizesOf(cameraId: string): SizeGrid {
    const grid = grids.get(cameraId) ?? createSizeGrid()
    grids.set(cameraId, grid)
    return grid
  }

  async function save(): Promise<void> {
    for (const [cameraId, grid] of grids) {
      const state = grid.state()
      const text = JSON.stringify(state)
      if (savedAs.get(cameraId) === text) continue
      await saveSizes(database.writer, cameraId, state, clock.now())
      savedAs.set(cameraId, text)
    }
  }

  const saving = supervise({ name: 'sizes in the picture', clock, log, pauseMs: SAVE_EVERY_MS, runOnce: save })
  return {
    name: saving.name,
    sizesOf,
    forget(cameraId) {
      grids.delete(cameraId)
      savedAs.delete(cameraId)
    },
    async start() {
      for (const [cameraId, state] of await listSizes(database.reader)) {
        grids.set(cameraId, createSizeGrid(state))
        savedAs.set(cameraId, JSON.stringify(grids.get(cameraId)?.state()))
      }
      await saving.start()
    },
    async stop() {
      await saving.stop()
      await save()
    },
  }
}
