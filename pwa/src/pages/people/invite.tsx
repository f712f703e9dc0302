import { useSignal } from '@preact/signals'
import { dayAndTime } from '../../format.ts'
import * as client from '../../client-people.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { OnceSheet } from '../../parts/once.tsx'
import { Qr } from '../../parts/qr.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { home, timeZone } from '../../state/home.ts'
import { areCamerasWithinOwn, invitations, roles, seesCameras } from '../../state/people.ts'
import { useResource } from '../../state/resource.ts'
import { me } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { CreateInvitationReply, RoleOfHome } from '../../wire-people.ts'
import { CameraChoice } from './camera-choice.tsx'
import { RoleChoice } from './role-choice.tsx'

const words = care.people.invitation
const USUAL_ROLE = 'viewer'
const USUAL_HOURS = 72

/** Makes a link with which one person makes their own account. */
export function Invite({ onClose }: { onClose: () => void }) {
  useResource(roles)
  const made = useSignal<CreateInvitationReply | null>(null)
  if (made.value) return <Link made={made.value} onClose={onClose} />
  return (
    <Sheet title={words.title} onClose={onClose}>
      <Loaded of={roles} skeleton={<Skeleton shape="row" count={4} />}>
        {(list) => <Form roles={list} onMade={(reply) => (made.value = reply)} />}
      </Loaded>
    </Sheet>
  )
}

function Form({
  roles: list,
  onMade,
}: {
  roles: readonly RoleOfHome[]
  onMade: (made: CreateInvitationReply) => void
}) {
  const name = useSignal('')
  const role = useSignal(USUAL_ROLE)
  const cameras = useSignal<string[] | null>(areCamerasWithinOwn(null) ? null : (me.value?.user.cameras ?? null))
  const hours = useSignal(USUAL_HOURS)
  const tried = useSignal(false)
  const task = useTask()
  const chosen = list.find(({ id }) => id === role.value)
  const save = async () => {
    tried.value = true
    const displayName = name.value.trim()
    if (displayName === '') return
    await task.run(async () => {
      const body = { displayName, role: role.value, cameras: cameras.value, hours: hours.value }
      const reply = await client.createInvitation(body)
      invitations.patch((known) => [reply.invitation, ...known])
      onMade(reply)
    })
  }
  return (
    <TaskForm task={task} send={words.make} onSubmit={() => void save()}>
      <Field
        label={words.name}
        hint={words.nameHint}
        value={name.value}
        maxLength={64}
        error={tried.value && name.value.trim() === '' ? words.nameMissing : undefined}
        onInput={(value) => (name.value = value)}
      />
      <RoleChoice label={words.role} roles={list} chosen={role.value} onChange={(id) => (role.value = id)} />
      {chosen && seesCameras(chosen.permissions) && (
        <CameraChoice label={words.cameras} chosen={cameras.value} onChange={(ids) => (cameras.value = ids)} />
      )}
      <Select
        label={words.hours}
        value={String(hours.value)}
        options={words.lengths.map((each) => ({ value: String(each.hours), label: each.label }))}
        onChange={(value) => (hours.value = Number(value))}
      />
    </TaskForm>
  )
}

function Link({ made: { invitation, link }, onClose }: { made: CreateInvitationReply; onClose: () => void }) {
  const title = words.shareTitle(home.data.value?.homeName ?? t.shell.product)
  // A share sheet that is closed again is no failure.
  const share = () => void navigator.share({ title, url: link }).catch(() => undefined)
  return (
    <OnceSheet
      title={words.done(invitation.displayName)}
      lead={words.lead}
      label={words.label}
      secret={link}
      onClose={onClose}
    >
      {typeof navigator.share === 'function' && (
        <Button icon="share" onPress={share}>
          {words.share}
        </Button>
      )}
      <Qr text={link} label={words.qr} />
      <p class="quiet">{words.until(dayAndTime(invitation.expiresAt, Date.now(), timeZone.value))}</p>
    </OnceSheet>
  )
}
