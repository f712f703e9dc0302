import type { ObjectClass } from '../../api/common.ts'
import { WEEKDAYS, type Expectation, type ExpectationBody } from '../../api/risk.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database } from '../../db/index.ts'
import { deleteExpectation, insertExpectation, listExpectations, updateExpectation } from './expectation-store.ts'
import { isWithin, minuteOf, type WeekMinute } from '../../core/home-time.ts'

const MOST = 100

export interface WhatWasSeen {
  cameraId: string
  /** The classes that must all be expected. */
  classes: readonly ObjectClass[]
  time: WeekMinute
}

/**
 * The first expectation that fits. Every class that was seen must be in its list: the post is expected, but not a
 * stranger's van that comes with it. Pure.
 */
export function fitting(list: readonly Expectation[], { cameraId, classes, time }: WhatWasSeen): Expectation | null {
  if (classes.length === 0) return null
  const fits = (each: Expectation): boolean =>
    each.enabled &&
    (each.cameras === null || each.cameras.includes(cameraId)) &&
    classes.every((name) => each.classes.includes(name)) &&
    isAt(each, time)
  return list.find(fits) ?? null
}

const isAt = ({ weekdays, from, to }: Expectation, time: WeekMinute): boolean =>
  isWithin(
    { weekdays: weekdays.map((name) => WEEKDAYS.indexOf(name)), fromMinute: minuteOf(from), toMinute: minuteOf(to) },
    time,
  )

/** Who is expected, in memory and in the database. */
export interface Expectations {
  load(): Promise<void>
  list(): readonly Expectation[]
  /** Throws `conflict` when there are too many. */
  add(body: ExpectationBody): Promise<Expectation>
  /** Throws `not-found`. */
  change(id: string, body: ExpectationBody): Promise<Expectation>
  /** Throws `not-found`. */
  remove(id: string): Promise<void>
}

export function createExpectations({ database, clock }: { database: Database; clock: Clock }): Expectations {
  let known: readonly Expectation[] = []

  async function load(): Promise<void> {
    known = await listExpectations(database.writer)
  }

  function mustFind(id: string): Expectation {
    const found = known.find((each) => each.id === id)
    if (found) return found
    throw new LaresError('not-found', 'There is no such expected visitor.')
  }

  return {
    load,
    list: () => known,
    async add(body) {
      if (known.length >= MOST) throw new LaresError('conflict', `There can be at most ${MOST} expected visitors.`)
      const id = newId(clock.now())
      await insertExpectation(database.writer, id, body, clock.now())
      await load()
      return mustFind(id)
    },
    async change(id, body) {
      mustFind(id)
      await updateExpectation(database.writer, id, body)
      await load()
      return mustFind(id)
    },
    async remove(id) {
      mustFind(id)
      await deleteExpectation(database.writer, id)
      await load()
    },
  }
}
