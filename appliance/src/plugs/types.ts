import type { TogetherReply } from '../api/plug-home.ts'
import type {
  ChangePlug,
  DiscoverPlugsReply,
  Plug,
  PlugCountdown,
  PlugDetail,
  PlugDiagnosis,
  PlugScan,
  PlugScheduleBody,
  PlugSchedulesReply,
} from '../api/plugs.ts'
import type { Part } from '../core/part.ts'
import type { RequestContext, Route } from '../http/route.ts'

/** One reading of one outlet, with what the device counts. Watt-hours; null: it does not count that. */
export interface Measurement {
  mac: string
  outlet: string
  /** Epoch milliseconds. */
  at: number
  powerMw: number
  /** Only grows, until somebody resets the device. */
  lifetimeWh: number | null
  /** Falls to 0 at the device's own midnight. */
  todayWh: number | null
}

/** What a scene wants of one plug. */
export interface Wish {
  plugId: string
  on: boolean
  /** Percent; null: as it is. */
  brightness: number | null
}

export interface Plugs extends Part {
  readonly routes: readonly Route[]
  list(): Promise<Plug[]>
  get(id: string): Promise<Plug>
  /** The hardware behind a plug. Throws `not-found`. */
  identity(id: string): { mac: string; outlet: string }
  /** Resolves with the state the device confirmed; throws `unavailable` and changes nothing shown otherwise. */
  switch(id: string, on: boolean): Promise<Plug>
  /** All at once; one that fails keeps no other from following. Never rejects for a device. */
  together(wishes: readonly Wish[]): Promise<TogetherReply>
  /** Every reading of every meter, as soon as it is there. The returned function stops it. */
  onMeasured(listener: (measurement: Measurement) => void): () => void
  /** Whether somebody has the app open: plugs are asked more often then. True until told otherwise. */
  setWatched(watched: boolean): void
  /** Asks these plugs often until the returned function is called: something depends on them right now. */
  watchClosely(ids: readonly string[]): () => void
}

/** What the routes do. `by` is who asked, for the record. */
export interface PlugActions extends Pick<Plugs, 'list' | 'switch' | 'together'> {
  detail(id: string): Promise<PlugDetail>
  add(host: string, by: RequestContext): Promise<Plug[]>
  discover(by: RequestContext): Promise<DiscoverPlugsReply>
  /** Begins to ask every address of a range; `scan` tells how far it is. */
  startScan(range: string, by: RequestContext): PlugScan
  scan(): PlugScan
  change(id: string, change: ChangePlug, by: RequestContext): Promise<Plug>
  /** Forgets it; the device itself is not changed. */
  remove(id: string, by: RequestContext): Promise<void>
  setPicture(id: string, picture: Uint8Array, by: RequestContext): Promise<Plug>
  removePicture(id: string, by: RequestContext): Promise<Plug>
  /** Path of the file inside the data folder. Throws `not-found`. */
  pictureFile(id: string): string
  setBrightness(id: string, percent: number): Promise<Plug>
  setLed(id: string, on: boolean): Promise<void>
  countdown(id: string): Promise<PlugCountdown | null>
  setCountdown(id: string, countdown: { durationS: number; on: boolean }): Promise<PlugCountdown | null>
  deleteCountdown(id: string): Promise<void>
  schedules(id: string): Promise<PlugSchedulesReply>
  addSchedule(id: string, rule: PlugScheduleBody): Promise<PlugSchedulesReply>
  editSchedule(id: string, rule: string, body: PlugScheduleBody): Promise<PlugSchedulesReply>
  deleteSchedule(id: string, rule: string): Promise<PlugSchedulesReply>
  diagnose(id: string): Promise<PlugDiagnosis>
}
