import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { USUAL_CLASSES } from '../../parts/camera-source.ts'
import { useTask } from '../../parts/form.ts'
import { ErrorNote } from '../../parts/states.tsx'
import { cameras, keepCamera } from '../../state/cameras.ts'
import { findingWords } from '../../text/finding.ts'
import { DraftCard } from './draft-card.tsx'
import { sourceOfDraft, wrongName } from './draft.ts'
import { StepHead } from './step-head.tsx'
import type { Wizard } from './wizard.ts'

const words = findingWords.name

/** A picture of each, a name for each; then all are added in one go. */
export function NameStep({ wizard }: { wizard: Wizard }) {
  const { drafts, step } = wizard
  const tried = useSignal(false)
  const task = useTask()
  const taken = (cameras.data.value ?? []).map(({ name }) => name)
  const wrong = (draft: (typeof drafts.value)[number]) => wrongName(draft, drafts.value, taken)
  const add = async () => {
    tried.value = true
    if (drafts.value.some((draft) => wrong(draft) !== undefined)) return
    await task.run(async () => {
      for (const draft of [...drafts.value]) {
        const camera = await client.createCamera({
          ...{ name: draft.name.trim(), place: draft.place.trim() },
          ...{ source: sourceOfDraft(draft), classes: [...USUAL_CLASSES] },
        })
        keepCamera(camera)
        wizard.keep(camera)
        // One that is added is not added again when a later one fails.
        drafts.value = drafts.value.filter((each) => each !== draft)
      }
      step.value = 'done'
    })
  }
  return (
    <>
      <StepHead title={words.title(drafts.value.length)} lead={words.lead} onBack={() => (step.value = 'look')} />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        {drafts.value.map((draft) => (
          <DraftCard
            key={draft.candidate.address}
            draft={draft}
            inTurn={wizard.inTurn}
            error={tried.value ? wrong(draft) : undefined}
            onChange={(part) => wizard.change(draft, part)}
            onLeaveOut={drafts.value.length > 1 ? () => wizard.leaveOut(draft) : null}
          />
        ))}
        {task.error.value && <ErrorNote error={task.error.value} />}
        <Button type="submit" look="main" wide busy={task.busy.value}>
          {words.add(drafts.value.length)}
        </Button>
      </form>
    </>
  )
}
