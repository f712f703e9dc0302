import { readSetupStatus } from '../../client.ts'
import { Mark } from '../../parts/mark.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'

const words = t.more.about
const status = createResource(readSetupStatus)

export default function About() {
  useResource(status)
  return (
    <>
      <Mark />
      <p class="lead">{words.text}</p>
      <dl class="facts">
        <div>
          <dt>{words.version}</dt>
          <dd>{status.data.value?.version ?? '–'}</dd>
        </div>
        <div>
          <dt>{words.licence}</dt>
          <dd>{words.licenceName}</dd>
        </div>
      </dl>
      <p>
        <a href="/api/openapi.json" target="_blank" rel="noreferrer">
          {words.api}
        </a>
      </p>
    </>
  )
}
