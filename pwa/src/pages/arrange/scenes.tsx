import { useSignal } from '@preact/signals'
import { removeScene, saveScene } from '../../client-plugs.ts'
import { Field } from '../../parts/field.tsx'
import { plugs } from '../../state/plugs.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugScene } from '../../wire-plugs.ts'
import type { Plug } from '../../wire.ts'
import { NamedList } from './named-list.tsx'
import { NamedSheet } from './named-sheet.tsx'
import { plugsByName } from './plugs-by-name.ts'
import { LEAVE, brightnessWrong, draftOf, stepsOf } from './scene-draft.ts'
import type { SceneDraft, StepDraft } from './scene-draft.ts'

const words = plugWords.arrange.scenes

export function Scenes({ scenes }: { scenes: readonly PlugScene[] }) {
  /** undefined: no sheet; null: a new one. */
  const editing = useSignal<PlugScene | null | undefined>(undefined)
  return (
    <>
      <NamedList
        words={words}
        items={scenes}
        about={({ steps }) => words.steps(steps.length)}
        onEdit={(scene) => (editing.value = scene)}
      />
      {editing.value !== undefined && <EditScene scene={editing.value} onClose={() => (editing.value = undefined)} />}
    </>
  )
}

function EditScene({ scene, onClose }: { scene: PlugScene | null; onClose: () => void }) {
  const name = useSignal(scene?.name ?? '')
  const draft = useSignal<SceneDraft>(draftOf(scene))
  const steps = stepsOf(draft.value)
  const set = (id: string, change: Partial<StepDraft>) => {
    draft.value = new Map(draft.value).set(id, { ...(draft.value.get(id) ?? LEAVE), ...change })
  }
  return (
    <NamedSheet
      title={scene ? words.edit(scene.name) : words.add}
      label={words.name}
      name={name}
      wrong={steps === null ? words.brightnessWrong : steps.length === 0 ? words.missing : null}
      save={(text) => saveScene(scene?.id ?? null, { name: text, steps: steps ?? [] })}
      {...(scene && { remove: { text: words.removeText, run: () => removeScene(scene.id) } })}
      onClose={onClose}
    >
      <fieldset class="fieldset">
        <legend>{words.plugs}</legend>
        <ul class="rows arrange-rows">
          {plugsByName(plugs.data.value ?? []).map((plug) => (
            <li key={plug.id}>
              <Step plug={plug} step={draft.value.get(plug.id) ?? LEAVE} onChange={(change) => set(plug.id, change)} />
            </li>
          ))}
        </ul>
      </fieldset>
    </NamedSheet>
  )
}

interface StepProps {
  plug: Plug
  step: StepDraft
  onChange: (change: Partial<StepDraft>) => void
}

const STATES = ['leave', 'on', 'off'] as const

function Step({ plug, step, onChange }: StepProps) {
  const dims = plug.can.includes('dimmer') && step.state === 'on'
  return (
    <div class="scene-step">
      <span>{plug.name}</span>
      <div class="scene-choice" role="group" aria-label={words.of(plug.name)}>
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            class="chip"
            aria-pressed={step.state === state}
            onClick={() => onChange({ state })}
          >
            {words[state]}
          </button>
        ))}
      </div>
      {dims && (
        <Field
          label={words.brightness(plug.name)}
          inputMode="numeric"
          maxLength={3}
          value={step.brightness}
          error={brightnessWrong(step) ? words.brightnessWrong : undefined}
          onInput={(brightness) => onChange({ brightness })}
        />
      )}
    </div>
  )
}
