import { Page } from '../../parts/page.tsx'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { findingWords } from '../../text/finding.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { FindCameras } from './find-cameras.tsx'

const BACK = { href: '/cameras', label: t.cameras.title }

/** The way to new cameras, as a page of its own. */
export default function AddCamera() {
  return (
    <Page title={findingWords.title} back={BACK} class="is-reading">
      {may('cameras.edit') ? <FindCameras /> : <NotAllowed />}
    </Page>
  )
}
