import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Boxes, snapshotBoxes } from '../../parts/boxes.tsx'
import type { ShownBox } from '../../parts/boxes.tsx'
import { incidentLine } from '../../parts/incident-words.ts'
import { t } from '../../text/index.ts'
import type { IncidentDetail } from '../../wire.ts'
import { boxAt } from './track-box.ts'

type ReadyClip = Extract<IncidentDetail['clip'], { state: 'ready' }>

/** The clip, with the boxes walking along with what they follow. */
export function Clip({
  incident,
  clip,
  boxesShown,
}: {
  incident: IncidentDetail
  clip: ReadyClip
  boxesShown: boolean
}) {
  const video = useRef<HTMLVideoElement>(null)
  // Until it plays, the video shows the snapshot: so do the boxes.
  const boxes = useSignal<ShownBox[]>(snapshotBoxes(incident))
  useEffect(() => {
    const element = video.current
    if (!element || !boxesShown) {
      boxes.value = []
      return
    }
    boxes.value = snapshotBoxes(incident)
    return onEachFrame(element, (seconds) => {
      if (element.played.length === 0 && element.currentTime === 0) return
      const at = clip.startsAt + seconds * 1_000
      boxes.value = incident.tracks.flatMap((track) => {
        const box = boxAt(track.path, at)
        return box ? [{ id: track.id, class: track.class, box }] : []
      })
    })
  }, [boxesShown, clip.startsAt, incident.tracks])
  return (
    <div class="seen">
      <video
        ref={video}
        src={clip.url}
        poster={incident.snapshot?.url}
        controls
        playsInline
        muted
        preload="metadata"
        aria-label={t.incidents.detail.videoOf(incidentLine(incident))}
      />
      <Boxes boxes={boxes.value} />
    </div>
  )
}

/** Calls with the media time of every picture shown, also while scrubbing; returns how to stop. */
function onEachFrame(video: HTMLVideoElement, tell: (seconds: number) => void): () => void {
  let handle = video.requestVideoFrameCallback(function onFrame(_, { mediaTime }) {
    tell(mediaTime)
    handle = video.requestVideoFrameCallback(onFrame)
  })
  return () => video.cancelVideoFrameCallback(handle)
}
