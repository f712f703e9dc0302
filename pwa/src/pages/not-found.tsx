import { ButtonLink } from '../parts/button.tsx'
import { Page } from '../parts/page.tsx'
import { t } from '../text/index.ts'

export default function NotFound() {
  return (
    <Page title={t.shell.notFound.title}>
      <p class="lead">{t.shell.notFound.text}</p>
      <ButtonLink href="/" look="main">
        {t.shell.notFound.action}
      </ButtonLink>
    </Page>
  )
}
