import { useSignal } from '@preact/signals'
import { FindCameras } from '../add-camera/find-cameras.tsx'
import { Button } from '../../parts/button.tsx'
import { FindPlugs } from '../../parts/find-plugs.tsx'
import { Icon } from '../../parts/icon.tsx'
import { cameras } from '../../state/cameras.ts'
import { plugs } from '../../state/plugs.ts'
import { useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

export function CamerasStep({ onNext }: StepProps) {
  useResource(cameras)
  const adding = useSignal(false)
  const list = cameras.data.value ?? []
  if (adding.value)
    return (
      <div class="form">
        <h1 tabIndex={-1}>{t.setup.cameras.title}</h1>
        <FindCameras onDone={() => (adding.value = false)} />
      </div>
    )
  return (
    <div class="form">
      <Question step="cameras" />
      {list.length > 0 && (
        <ul class="found">
          {list.map((camera) => (
            <li key={camera.id}>
              <Icon name="cameras" />
              <span>{camera.name}</span>
              <Icon name="check" />
            </li>
          ))}
        </ul>
      )}
      <Button look={list.length === 0 ? 'main' : 'plain'} icon="plus" wide onPress={() => (adding.value = true)}>
        {list.length === 0 ? t.setup.cameras.add : t.setup.cameras.another}
      </Button>
      <Onward ready={list.length > 0} onNext={onNext} />
    </div>
  )
}

export function PlugsStep({ onNext }: StepProps) {
  useResource(plugs)
  const list = plugs.data.value ?? []
  return (
    <div class="form">
      <Question step="plugs" />
      {list.length > 0 && (
        <ul class="found">
          {list.map((plug) => (
            <li key={plug.id}>
              <Icon name="plugs" />
              <span>{plug.name}</span>
              <span class="quiet">{plug.model}</span>
              <Icon name="check" />
            </li>
          ))}
        </ul>
      )}
      <FindPlugs atOnce />
      <Onward ready={list.length > 0} onNext={onNext} />
    </div>
  )
}

/** On when something was done, skip when not: every step can be returned to. */
export function Onward({ ready, onNext }: { ready: boolean; onNext: () => void }) {
  return (
    <Button look={ready ? 'main' : 'quiet'} wide onPress={onNext}>
      {ready ? t.setup.next : t.setup.skip}
    </Button>
  )
}
