import { useLocation } from 'preact-iso'
import { AddSendingCamera } from '../../parts/add-sending-camera.tsx'
import { Page } from '../../parts/page.tsx'
import { cameras } from '../../state/cameras.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { findingWords } from '../../text/finding.ts'
import { NotAllowed } from '../more/not-allowed.tsx'

const BACK = { href: '/cameras/add', label: findingWords.title }

/** A camera that sends its pictures itself; `?folder=` is that of one that sends already and was offered. */
export default function SendingCamera() {
  // Its first picture is waited for there.
  useResource(cameras)
  const { query, route } = useLocation()
  return (
    <Page title={t.cameras.form.addTitle} back={BACK} class="is-reading">
      {may('cameras.edit') ? (
        <AddSendingCamera folder={query.folder ?? ''} onClose={() => route('/cameras')} />
      ) : (
        <NotAllowed />
      )}
    </Page>
  )
}
