import { HomeForm } from '../../parts/home-form.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { home } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

export function HomeStep({ onNext }: StepProps) {
  useResource(home)
  return (
    <>
      <Question step="home" />
      <Loaded of={home} skeleton={<Skeleton shape="row" count={3} />}>
        {(known) => <HomeForm start={known} submit={t.setup.next} onSaved={onNext} />}
      </Loaded>
    </>
  )
}
