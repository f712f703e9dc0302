import { useId } from 'preact/hooks'
import { Check } from '../../parts/check.tsx'
import { ErrorNote, Skeleton } from '../../parts/states.tsx'
import { Still } from '../../parts/still.tsx'
import { cameras } from '../../state/cameras.ts'
import { areCamerasWithinOwn } from '../../state/people.ts'
import { useResource } from '../../state/resource.ts'
import { care } from '../../text/people.ts'

const words = care.people.cameraChoice

export interface CameraChoiceProps {
  label: string
  /** null: all of them. */
  chosen: readonly string[] | null
  onChange: (chosen: string[] | null) => void
}

/** All cameras, or some of them by their pictures. */
export function CameraChoice({ label, chosen, onChange }: CameraChoiceProps) {
  const name = useId()
  return (
    <>
      <fieldset class="fieldset">
        <legend>{label}</legend>
        <div class="checks">
          <Check
            kind="radio"
            name={name}
            label={words.all}
            hint={words.allHint}
            barred={areCamerasWithinOwn(null) ? undefined : words.onlySome}
            checked={chosen === null}
            onChange={() => onChange(null)}
          />
          <Check
            kind="radio"
            name={name}
            label={words.some}
            hint={words.someHint}
            checked={chosen !== null}
            onChange={() => onChange([])}
          />
        </div>
      </fieldset>
      {chosen !== null && <Pictures chosen={chosen} onChange={onChange} />}
    </>
  )
}

function Pictures({ chosen, onChange }: { chosen: readonly string[]; onChange: (chosen: string[]) => void }) {
  useResource(cameras)
  const list = cameras.data.value
  if (cameras.error.value) return <ErrorNote error={cameras.error.value} />
  if (list === null) return <Skeleton shape="picture" count={2} />
  if (list.length === 0) return <p class="quiet">{words.none}</p>
  return (
    <fieldset class="fieldset">
      <legend class="visually-hidden">{words.which}</legend>
      <div class="camera-choice">
        {list.map((camera) => (
          <label key={camera.id} class="camera-tile">
            <Still camera={camera} caption={false} />
            <span class="camera-tile-words">
              <input
                type="checkbox"
                checked={chosen.includes(camera.id)}
                aria-label={camera.name}
                onChange={({ currentTarget: { checked } }) =>
                  onChange(checked ? [...chosen, camera.id] : chosen.filter((id) => id !== camera.id))
                }
              />
              <span aria-hidden="true">{camera.name}</span>
            </span>
          </label>
        ))}
      </div>
      {chosen.length === 0 && <p class="field-hint">{words.noneChosen}</p>}
    </fieldset>
  )
}
