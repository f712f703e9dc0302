import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import * as client from '../client.ts'
import { t } from '../text/index.ts'
import type { Camera } from '../wire.ts'
import { Age, LiveAge } from './age.tsx'
import { Icon } from './icon.tsx'

const EVERY_MS = 1_000
/** After a failure, so that a camera without a picture is not asked every second. */
const AFTER_FAILURE_MS = 5_000

export interface StillProps {
  camera: Camera
  /** Words on the picture: the camera's name and how old the picture is. */
  caption?: boolean
}

/** The newest picture of a camera, once a second while it can be seen. */
export function Still({ camera, caption = true }: StillProps) {
  const box = useRef<HTMLDivElement>(null)
  const { url, takenAt } = useStill(box, camera)
  const live = camera.state === 'live'
  return (
    <div ref={box} class={`still${url ? '' : ' is-empty'}${live ? '' : ' is-stale'}`}>
      {url ? <img src={url} alt={t.cameras.pictureOf(camera.name)} /> : <Nothing camera={camera} />}
      {caption && (
        <div class="still-words">
          <span class="still-name">{camera.name}</span>
          <span class={`still-state is-${camera.state}`}>
            <StateWords camera={camera} takenAt={takenAt} />
          </span>
        </div>
      )}
    </div>
  )
}

/** How old the picture is; of a camera that sends now and then, when it was taken. */
function StateWords({ camera, takenAt }: { camera: Camera; takenAt: number | null }) {
  if (camera.source.kind === 'upload' && camera.lastFrameAt !== null) {
    return <Age at={camera.lastFrameAt} say={t.cameras.lastPicture} />
  }
  if (camera.state !== 'live') return <>{t.cameras.states[camera.state]}</>
  return takenAt === null ? null : <LiveAge at={takenAt} />
}

function Nothing({ camera }: { camera: Camera }) {
  return (
    <div class="still-nothing">
      <Icon name={camera.enabled ? 'cameras' : 'power'} />
      {(camera.state === 'live' || camera.state === 'starting') && <span>{t.cameras.noPicture}</span>}
    </div>
  )
}

function useStill(box: { readonly current: HTMLElement | null }, { id, state, lastFrameAt, source }: Camera) {
  const sends = source.kind === 'upload'
  // One that is silent has its last picture at most: asked for once, not every second.
  const pace = state === 'live' && !sends ? 'flowing' : lastFrameAt !== null && state !== 'off' ? 'once' : 'none'
  const url = useSignal<string | null>(null)
  const takenAt = useSignal<number | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    let onScreen = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const next = (ms: number) => {
      clearTimeout(timer)
      if (onScreen && !abort.signal.aborted) timer = setTimeout(() => void fetchOne(), ms)
    }
    const fetchOne = async () => {
      if (document.visibilityState !== 'visible') return next(EVERY_MS)
      try {
        const still = await client.readStill(id, abort.signal)
        url.value = still.url
        takenAt.value = still.takenAt ?? Date.now()
        if (pace === 'flowing') next(EVERY_MS)
      } catch {
        // The camera's own state says why; the last picture stays, with its age.
        if (pace === 'flowing') next(AFTER_FAILURE_MS)
      }
    }
    const observer = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting === true
      if (onScreen) next(0)
    })
    if (box.current && pace !== 'none') observer.observe(box.current)
    return () => {
      abort.abort()
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [id, pace, sends ? lastFrameAt : null])
  return { url: url.value, takenAt: takenAt.value }
}
