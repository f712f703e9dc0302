import * as client from '../../client.ts'
import { dayName } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { copyText } from '../../parts/copy.ts'
import { Section } from '../../parts/page.tsx'
import { Qr } from '../../parts/qr.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'

const words = t.more.trust
const trust = createResource(client.readTrust)

export default function Trust() {
  useResource(trust)
  const day = (at: number) => dayName(at, Date.now(), timeZone.value)
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={trust} skeleton={<Skeleton shape="row" count={4} />}>
        {({ rootFingerprint, names, addresses, leafExpiresAt, rootExpiresAt, trustPage }) => (
          <>
            <Section title={words.fingerprint}>
              <p class="fingerprint">
                {inGroups(rootFingerprint).map((group, index) => (
                  <span key={index}>{group}</span>
                ))}
              </p>
              <p class="quiet">{words.compare}</p>
              <Button icon="copy" onPress={() => void copyText(rootFingerprint)}>
                {t.shell.copy}
              </Button>
            </Section>
            <Section title={words.page}>
              <Qr text={trustPage} label={words.page} />
              <p>
                <a href={trustPage}>{trustPage}</a>
              </p>
            </Section>
            <dl class="facts">
              <div>
                <dt>{words.names}</dt>
                <dd>{names.join(', ')}</dd>
              </div>
              <div>
                <dt>{words.addresses}</dt>
                <dd>{addresses.join(', ')}</dd>
              </div>
              <div>
                <dt>{words.renews}</dt>
                <dd>{day(leafExpiresAt)}</dd>
              </div>
              <div>
                <dt>{words.rootUntil}</dt>
                <dd>{day(rootExpiresAt)}</dd>
              </div>
            </dl>
          </>
        )}
      </Loaded>
    </>
  )
}

/** In fours, as the box's console and its trust page show it. */
function inGroups(fingerprint: string): string[] {
  return fingerprint.replaceAll(':', '').match(/.{1,4}/g) ?? []
}
