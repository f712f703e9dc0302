import { ButtonLink } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx'
import { Still } from '../../parts/still.tsx'
import { cameras } from '../../state/cameras.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import type { Camera } from '../../wire.ts'

export default function Cameras() {
  useResource(cameras)
  const add = may('cameras.edit') && (
    <ButtonLink href="/cameras/add" look="main" icon="plus">
      {t.cameras.add}
    </ButtonLink>
  )
  return (
    <Page title={t.cameras.title}>
      <Loaded of={cameras} skeleton={<Skeleton shape="picture" count={2} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="cameras" title={t.cameras.empty.title} text={t.cameras.empty.text}>
              {add}
            </Empty>
          ) : (
            <>
              <ul class="camera-grid">
                {list.map((camera) => (
                  <li key={camera.id}>
                    <CameraCard camera={camera} />
                  </li>
                ))}
              </ul>
              <div class="page-foot">{add}</div>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function CameraCard({ camera }: { camera: Camera }) {
  return (
    <a class="camera-card" href={`/cameras/${camera.id}`}>
      <Still camera={camera} />
      {camera.problem && <p class="camera-problem">{camera.problem.message}</p>}
    </a>
  )
}
