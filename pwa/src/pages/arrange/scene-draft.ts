// A scene while it is typed. Pure.
import type { PlugScene, SceneStep } from '../../wire-plugs.ts'

export interface StepDraft {
  state: 'leave' | 'on' | 'off'
  /** As typed; empty: as it is. */
  brightness: string
}
export type SceneDraft = ReadonlyMap<string, StepDraft>

export const LEAVE: StepDraft = { state: 'leave', brightness: '' }

export function draftOf(scene: PlugScene | null): SceneDraft {
  return new Map(
    (scene?.steps ?? []).map(({ plugId, on, brightness }) => [
      plugId,
      { state: on ? 'on' : 'off', brightness: brightness === null ? '' : String(brightness) },
    ]),
  )
}

export function brightnessWrong({ state, brightness }: StepDraft): boolean {
  const text = brightness.trim()
  if (state !== 'on' || text === '') return false
  return !/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > 100
}

/** null while something that was typed is wrong. */
export function stepsOf(draft: SceneDraft): SceneStep[] | null {
  const chosen = [...draft].filter(([, { state }]) => state !== 'leave')
  if (chosen.some(([, step]) => brightnessWrong(step))) return null
  return chosen.map(([plugId, { state, brightness }]) => ({
    plugId,
    on: state === 'on',
    brightness: state === 'on' && brightness.trim() !== '' ? Number(brightness) : null,
  }))
}
