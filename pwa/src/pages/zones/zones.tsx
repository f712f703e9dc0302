import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import * as client from '../../client-zones.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Page, Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { Empty, ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { createResource, useResource, type Resource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { zonesWords } from '../../text/zones.ts'
import type { Camera, ObjectClass } from '../../wire.ts'
import type { CameraZones, CameraZonesBody, ZoneKind } from '../../wire-zones.ts'
import { AreaForm } from './area-form.tsx'
import { Canvas } from './canvas.tsx'
import { bodyOf, draftOf, faultsOf, masksOf, withNew, type Role } from './draft.ts'
import { useEditing, useLeaving, type Editing } from './editing.ts'
import { Limits } from './limits.tsx'
import './zones.css'

const words = zonesWords

export default function Zones() {
  useResource(cameras)
  const { params } = useRoute()
  const id = params.id ?? ''
  const camera = cameras.data.value?.find((each) => each.id === id)
  const zones = useMemo(() => createResource(() => client.readZones(id), { kept: false }), [id])
  useResource(zones)
  const back = { href: `/cameras/${id}`, label: camera?.name ?? t.cameras.title }
  return (
    <Page title={camera ? words.of(camera.name) : words.title} heading={words.title} back={back} class="zones-page">
      <Loaded of={cameras} skeleton={<Skeleton shape="picture" />}>
        {() =>
          camera ? (
            <Loaded of={zones} skeleton={<Skeleton shape="picture" />}>
              {(known) => (
                <Editor key={`${id} ${String(known.revision)}`} camera={camera} zones={known} resource={zones} />
              )}
            </Loaded>
          ) : (
            <Empty icon="cameras" title={t.shell.notFound.title} text={words.gone}>
              <ButtonLink href="/cameras">{t.cameras.title}</ButtonLink>
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

interface EditorProps {
  camera: Camera
  zones: CameraZones
  resource: Resource<CameraZones>
}

function Editor({ camera, zones, resource }: EditorProps) {
  const editing = useEditing(camera.id, zones)
  const leaving = useLeaving(camera.id, editing.isChanged)
  const feet = useMemo(() => createResource(() => client.readFootprints(camera.id), { kept: false }), [camera.id])
  const feetShown = useSignal(false)
  const limited = useSignal<ObjectClass | null>(null)
  const limit = editing.draft.limits.find((each) => each.class === limited.value) ?? null
  const known = feet.data.value?.feet
  return (
    <>
      <p class="quiet">{words.lead}</p>
      <div class="zone-columns">
        <div class="zone-view">
          <Canvas camera={camera} editing={editing} feet={feetShown.value ? (known ?? null) : null} limit={limit} />
          <p class="visually-hidden" id="zone-point-help">
            {words.pointHelp}
          </p>
          {may('incidents.view') && (
            <div class="checks">
              <Check
                label={words.feet}
                hint={feetShown.value && known?.length === 0 ? words.noFeet : undefined}
                checked={feetShown.value}
                onChange={(on) => {
                  feetShown.value = on
                  if (on && !known) void feet.load()
                }}
              />
            </div>
          )}
        </div>
        <div class="zone-side">
          {editing.wasKept && (
            <Note tone="info">
              <p>{words.kept}</p>
            </Note>
          )}
          {may('cameras.edit') && <Adding editing={editing} />}
          <Drawn editing={editing} />
          <Limits editing={editing} shown={limited} />
          {may('cameras.edit') && <Saving camera={camera} zones={zones} editing={editing} resource={resource} />}
        </div>
      </div>
      {leaving.to !== null && (
        <Ask {...words.leave} busy={false} onConfirm={() => leaving.leave()} onClose={() => leaving.stay()} />
      )}
    </>
  )
}

const ADDABLE: readonly { role: Role; kind: ZoneKind; label: string }[] = [
  ...(Object.keys(words.kinds) as ZoneKind[]).map((kind) => ({
    role: 'zone' as const,
    kind,
    label: words.kinds[kind],
  })),
  ...(['line', 'ignored', 'motion', 'privacy'] as const).map((role) => ({
    ...{ role, kind: 'other' as const, label: words.roles[role] },
  })),
]

function Adding({ editing }: { editing: Editing }) {
  return (
    <div class="chips" role="group" aria-label={words.add}>
      {ADDABLE.map(({ role, kind, label }) => (
        <button
          key={label}
          type="button"
          class="chip"
          onClick={() => {
            const { draft, key } = withNew(editing.draft, role, kind, label)
            editing.change(draft)
            editing.chosen.value = key
          }}
        >
          + {label}
        </button>
      ))}
    </div>
  )
}

/** Everything by name: the way to it without a pointer. */
function Drawn({ editing }: { editing: Editing }) {
  const { draft, chosen } = editing
  const faults = faultsOf(draft)
  const mayEdit = may('cameras.edit')
  return (
    <Section title={words.drawn}>
      {draft.areas.length === 0 && <p class="quiet">{words.none}</p>}
      <ul class="zone-list">
        {draft.areas.map((area) => {
          const fault = faults.find(({ key }) => key === area.key)
          const isChosen = chosen.value === area.key
          const what = area.role === 'zone' ? words.kinds[area.kind] : words.roles[area.role]
          return (
            <li key={area.key} class="zone-entry">
              <button
                type="button"
                class="zone-name"
                aria-expanded={isChosen}
                aria-label={`${words.select(area.name)}, ${what}`}
                onClick={() => (chosen.value = isChosen ? null : area.key)}
              >
                <span class={`zone-swatch is-${area.role}`} style={{ '--zone': area.colour }} />
                <span class="zone-entry-name">{area.name}</span>
                <span class="quiet">{what}</span>
              </button>
              {fault?.what === 'crosses' && <p class="field-error">{words.wrong.crosses(area.name)}</p>}
              {isChosen && mayEdit && <AreaForm area={area} editing={editing} fault={fault} />}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function Saving({ camera, zones, editing, resource }: EditorProps & { editing: Editing }) {
  const task = useTask()
  const recorded = useSignal<CameraZonesBody['recorded'] & string>('delete')
  const { draft } = editing
  const masksChanged = masksOf(draft) !== masksOf(draftOf(zones))
  const save = () =>
    task.run(async () => {
      const saved = await client.saveZones(camera.id, bodyOf(draft, zones.revision, recorded.value))
      editing.saved()
      showToast({ tone: 'done', text: masksChanged ? words.savedMasks : words.saved })
      resource.patch(() => saved)
    })
  return (
    <div class="zone-saving">
      {masksOf(draft) !== '[]' && (
        <Note tone="info" title={words.roles.privacy}>
          <p>{words.privacyCost}</p>
          <p>{words.privacyStored}</p>
        </Note>
      )}
      {masksChanged && (
        <Select
          label={words.recorded}
          value={recorded.value}
          options={(['delete', 'keep'] as const).map((value) => ({ value, label: words.recordedChoices[value] }))}
          onChange={(value) => (recorded.value = value as 'delete' | 'keep')}
        />
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        {editing.canUndo && <Button onPress={() => editing.undo()}>{words.undo}</Button>}
        {editing.isChanged && faultsOf(draft).length === 0 && (
          <Button look="main" busy={task.busy.value} onPress={() => void save()}>
            {words.save}
          </Button>
        )}
      </div>
      {editing.isChanged && (
        <p class="quiet" aria-live="polite">
          {words.unsaved}
        </p>
      )}
    </div>
  )
}
