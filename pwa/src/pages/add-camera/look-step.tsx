import { useEffect } from 'preact/hooks'
import { beginScan, readScan } from '../../client-finding.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { useTask } from '../../parts/form.ts'
import { Empty, ErrorNote, Note } from '../../parts/states.tsx'
import { showFailure } from '../../state/toasts.ts'
import { findingWords } from '../../text/finding.ts'
import type { CameraScan, FoundCamera } from '../../wire-finding.ts'
import { candidateOf, labelOf } from './draft.ts'
import { StepHead } from './step-head.tsx'
import type { Wizard } from './wizard.ts'

const words = findingWords.look
const ASK_EVERY_MS = 1_000

/** Looks through the home at once; those that answered can be ticked while it goes on. */
export function LookStep({ wizard }: { wizard: Wizard }) {
  const { scan, ticked } = wizard
  const task = useTask()
  const running = scan.value?.state === 'running'
  const look = () => task.run(async () => void (scan.value = await beginScan([])))
  useEffect(() => {
    // Whoever comes back finds what was found.
    if (scan.value === null) void look()
    else readScan().then((now) => (scan.value = now), tell)
  }, [])
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => void readScan().then((now) => (scan.value = now), tell), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [running])
  const chosen = (scan.value?.found ?? []).filter(({ address }) => ticked.value.has(address))
  return (
    <>
      <StepHead title={words.title} lead={findingWords.lead} />
      {task.error.value && <ErrorNote error={task.error.value} onRetry={() => void look()} />}
      <div role="status">{scan.value ? <Progress scan={scan.value} /> : task.busy.value && <Looking />}</div>
      {scan.value && <Found scan={scan.value} wizard={wizard} />}
      {(scan.value?.found ?? []).some(isAskable) && (
        <Button
          look="main"
          wide
          onPress={() => {
            if (chosen.length > 0) wizard.ask(chosen.map(candidateOf))
          }}
        >
          {words.next(chosen.length)}
        </Button>
      )}
      <div class="row-buttons">
        <Button icon="edit" onPress={() => (wizard.step.value = 'address')}>
          {words.typeIt}
        </Button>
        {scan.value && !running && (
          <Button icon="search" busy={task.busy.value} onPress={() => void look()}>
            {words.again}
          </Button>
        )}
      </div>
    </>
  )
}

const tell = (failure: unknown) => showFailure(asClientError(failure))
const isAskable = ({ how, cameraId }: FoundCamera): boolean => how === 'onvif' && cameraId === null

function Looking() {
  return (
    <div class="looking">
      <span class="radar" aria-hidden="true" />
      <p>{words.looking}</p>
    </div>
  )
}

function Progress({ scan: { state, asked, total, found, problem, tooLarge, networks } }: { scan: CameraScan }) {
  const isNowhere = networks.length === 0 && tooLarge.length === 0
  if (isNowhere && found.length === 0) return <Note tone="warning" title={words.noNetwork} />
  if (state === 'running')
    return (
      <div class="stack">
        <Looking />
        <progress class="progress" max={Math.max(1, total)} value={asked} aria-label={words.looking} />
        <p class="quiet">
          {words.asked(asked, total)}. {words.slow}
        </p>
      </div>
    )
  if (state === 'failed')
    return (
      <Note tone="problem" title={words.failed}>
        {problem && <p>{problem}</p>}
      </Note>
    )
  return (
    <>
      {found.length > 0 && <p>{words.found(found.length)}</p>}
      {tooLarge.length > 0 && <p class="quiet">{words.tooLarge(tooLarge.join(', '))}</p>}
    </>
  )
}

function Found({ scan, wizard }: { scan: CameraScan; wizard: Wizard }) {
  const { ticked } = wizard
  if (scan.found.length === 0)
    return scan.state === 'done' ? <Empty icon="search" title={words.none.title} text={words.none.text} /> : null
  const toggle = (address: string, on: boolean) => {
    const next = new Set(ticked.value)
    if (on) next.add(address)
    else next.delete(address)
    ticked.value = next
  }
  const typeIt = ({ address, rtspPort, httpPort }: FoundCamera) => {
    wizard.typed.value =
      rtspPort !== null ? `rtsp://${address}${portPart(rtspPort, 554)}/` : `http://${address}${portPart(httpPort, 80)}/`
    wizard.step.value = 'stream'
  }
  return (
    <fieldset class="fieldset">
      <legend>{words.choose}</legend>
      <ul class="rows found-cameras">
        {scan.found.map((camera) => (
          <li key={camera.address}>
            {camera.how === 'onvif' || camera.cameraId !== null ? (
              <Check
                label={labelOf(camera)}
                hint={camera.address}
                barred={camera.cameraId === null ? undefined : `${camera.address} · ${words.added}`}
                checked={ticked.value.has(camera.address)}
                onChange={(on) => toggle(camera.address, on)}
              />
            ) : (
              <Unasked camera={camera} onType={() => typeIt(camera)} />
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

const portPart = (port: number | null, usual: number): string =>
  port === null || port === usual ? '' : `:${String(port)}`

/** Something of a camera is there, but it does not say what it offers. */
function Unasked({ camera, onType }: { camera: FoundCamera; onType: () => void }) {
  return (
    <>
      <span class="row-words">
        <span>{labelOf(camera)}</span>
        <span class="quiet">
          {camera.address} · {camera.how === 'rtsp' ? words.onlyStream : words.onlyPage}
        </span>
      </span>
      <Button icon="edit" label={words.typeThis(camera.address)} onPress={onType}>
        {findingWords.address.title}
      </Button>
    </>
  )
}
