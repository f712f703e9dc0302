import { Button, ButtonLink } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { findingWords } from '../../text/finding.ts'
import { t } from '../../text/index.ts'
import { StepHead } from './step-head.tsx'
import type { Wizard } from './wizard.ts'

const words = findingWords.done

/** What watches now, and where to go from here. Within the setup nothing leads away from it. */
export function DoneStep({ wizard, onDone }: { wizard: Wizard; onDone?: () => void }) {
  const { added, step } = wizard
  return (
    <>
      <StepHead title={words.title(added.value.length)} {...(onDone ? {} : { lead: words.lead })} />
      <ul class="rows">
        {added.value.map(({ id, name }) => (
          <li key={id}>
            <Icon name="check" />
            <span class="row-words">{onDone ? <span>{name}</span> : <a href={`/cameras/${id}`}>{name}</a>}</span>
            {!onDone && (
              <ButtonLink href={`/cameras/${id}/zones`} label={words.zones(name)}>
                {words.zonesShort}
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
      <div class="row-buttons">
        <Button icon="plus" onPress={() => (step.value = 'look')}>
          {words.more}
        </Button>
        {onDone ? (
          <Button look="main" onPress={onDone}>
            {t.setup.next}
          </Button>
        ) : (
          <ButtonLink look="main" href="/cameras">
            {words.finish}
          </ButtonLink>
        )}
      </div>
    </>
  )
}
