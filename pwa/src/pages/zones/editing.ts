// The drawing under way: what it is now, what it was, and where it may not be left.
import { signal, useSignal, type Signal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { onForget } from '../../state/resource.ts'
import { draftOf, type Draft } from './draft.ts'
import type { CameraZones } from '../../wire-zones.ts'

const MOST_STEPS = 100
/** Drawings that were left by the browser's own back button, by camera: they are here again when one comes back. */
const left = signal<ReadonlyMap<string, Draft>>(new Map())
onForget(() => (left.value = new Map()))

function keep(cameraId: string, draft: Draft | null): void {
  const next = new Map(left.value)
  if (draft) next.set(cameraId, draft)
  else next.delete(cameraId)
  left.value = next
}

export interface Editing {
  draft: Draft
  /** Key of the area that is being changed; null: none. */
  chosen: Signal<string | null>
  isChanged: boolean
  /** It was left unsaved before, and is here again. */
  wasKept: boolean
  canUndo: boolean
  /** `goesOn`: part of the step before, such as a drag. */
  change(next: Draft, goesOn?: boolean): void
  undo(): void
  /** What is saved is where it begins from now on. */
  saved(): void
}

export function useEditing(cameraId: string, zones: CameraZones): Editing {
  const start = useSignal(draftOf(zones))
  const before = left.value.get(cameraId)
  const draft = useSignal(before ?? start.value)
  const wasKept = useSignal(before !== undefined)
  const steps = useSignal<readonly Draft[]>([])
  const chosen = useSignal<string | null>(null)
  const isChanged = JSON.stringify(draft.value) !== JSON.stringify(start.value)
  useEffect(() => keep(cameraId, isChanged ? draft.value : null), [cameraId, isChanged, draft.value])
  return {
    ...{ draft: draft.value, chosen, isChanged, wasKept: wasKept.value && isChanged, canUndo: steps.value.length > 0 },
    change(next, goesOn = false) {
      if (!goesOn) steps.value = [...steps.value, draft.value].slice(-MOST_STEPS)
      draft.value = next
    },
    undo() {
      const last = steps.value.at(-1)
      if (!last) return
      steps.value = steps.value.slice(0, -1)
      draft.value = last
    },
    saved() {
      keep(cameraId, null)
      wasKept.value = false
      start.value = draft.value
    },
  }
}

export interface Leaving {
  /** Where a link led that waits for an answer; null: none does. */
  to: string | null
  stay(): void
  leave(): void
}

/** Links of the app, and closing the page, ask first while something is not saved. */
export function useLeaving(cameraId: string, isChanged: boolean): Leaving {
  const { route } = useLocation()
  const to = useSignal<string | null>(null)
  useEffect(() => {
    if (!isChanged) return
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      const href = link?.getAttribute('href') ?? ''
      if (!href.startsWith('/') || event.metaKey || event.ctrlKey) return
      event.preventDefault()
      event.stopPropagation()
      to.value = href
    }
    const onClose = (event: BeforeUnloadEvent): void => event.preventDefault()
    document.addEventListener('click', onClick, { capture: true })
    window.addEventListener('beforeunload', onClose)
    return () => {
      document.removeEventListener('click', onClick, { capture: true })
      window.removeEventListener('beforeunload', onClose)
    }
  }, [isChanged])
  return {
    to: to.value,
    stay: () => (to.value = null),
    leave() {
      const target = to.value
      if (target === null) return
      route(target)
      // Thrown away knowingly; what the page keeps when it is closed by other ways comes before this.
      setTimeout(() => keep(cameraId, null))
    },
  }
}
