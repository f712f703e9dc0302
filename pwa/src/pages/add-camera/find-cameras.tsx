import { useEffect, useMemo, useRef } from 'preact/hooks'
import { cameras } from '../../state/cameras.ts'
import { useResource } from '../../state/resource.ts'
import { AddressStep, StreamStep } from './address-step.tsx'
import { DoneStep } from './done-step.tsx'
import { LoginStep } from './login-step.tsx'
import { LookStep } from './look-step.tsx'
import { NameStep } from './name-step.tsx'
import { createWizard } from './wizard.ts'
import './add-camera.css'

/** From nothing to cameras that watch: look, sign in, name. On a page of its own, and within the first setup. */
export function FindCameras({ onDone }: { onDone?: () => void }) {
  useResource(cameras)
  const wizard = useMemo(createWizard, [])
  const place = useRef<HTMLDivElement>(null)
  const step = wizard.step.value
  useEffect(() => () => wizard.stop(), [])
  // Whoever listens or has no mouse goes on where the new step begins.
  const arrived = useRef(false)
  useEffect(() => {
    if (arrived.current) {
      place.current?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true })
      place.current?.scrollIntoView({ block: 'start' })
    }
    arrived.current = true
  }, [step])
  return (
    <div class="find-cameras stack" ref={place}>
      {step === 'look' && <LookStep wizard={wizard} />}
      {step === 'address' && <AddressStep wizard={wizard} />}
      {step === 'stream' && <StreamStep wizard={wizard} />}
      {step === 'login' && <LoginStep wizard={wizard} />}
      {step === 'name' && <NameStep wizard={wizard} />}
      {step === 'done' && <DoneStep wizard={wizard} {...(onDone ? { onDone } : {})} />}
    </div>
  )
}
