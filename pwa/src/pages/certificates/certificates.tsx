import { Button } from '../../parts/button.tsx'
import { copyText } from '../../parts/copy.ts'
import { Section } from '../../parts/page.tsx'
import { Qr } from '../../parts/qr.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { dayName } from '../../format.ts'
import { certificates } from '../../state/certificates.ts'
import { timeZone } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { cert } from '../../text/certificates.ts'
import { t } from '../../text/index.ts'
import type { Certificates as Known } from '../../wire-certificates.ts'
import { Clients } from './clients.tsx'
import { NameAdvice } from './name-advice.tsx'
import { PublicCertificate } from './public.tsx'
import { SourceCard } from './source-card.tsx'
import '../people/people.css'
import './certificates.css'

/** How phones know this box, until when, and whether they have to show who they are. */
export default function Certificates() {
  useResource(certificates)
  return (
    <>
      <p class="lead">{cert.lead}</p>
      <Loaded of={certificates} skeleton={<Skeleton shape="card" count={3} />}>
        {(known) => (
          <>
            {known.mode === 'disabled' && (
              <Note tone="warning" title={cert.off}>
                <p>{cert.offText}</p>
              </Note>
            )}
            <NameAdvice of={known.publicNames} />
            <Section title={cert.served}>
              <ul class="cards">
                {known.sources.map((source) => (
                  <li key={source.kind}>
                    <SourceCard of={source} />
                  </li>
                ))}
              </ul>
            </Section>
            <PublicCertificate of={known} />
            <Root of={known.root} />
            <Clients of={known.clients} />
          </>
        )}
      </Loaded>
    </>
  )
}

function Root({ of: { fingerprint, expiresAt, trustPage } }: { of: Known['root'] }) {
  const words = cert.root
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      <Qr text={trustPage} label={words.title} />
      <p>
        <a href={trustPage}>{trustPage}</a>
      </p>
      <p class="fingerprint" role="group" aria-label={cert.fingerprint}>
        {inGroups(fingerprint).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </p>
      <p class="quiet">
        {words.compare} {words.until(dayName(expiresAt, Date.now(), timeZone.value))}.
      </p>
      <Button icon="copy" onPress={() => void copyText(fingerprint)}>
        {t.shell.copy}
      </Button>
    </Section>
  )
}

/** In fours, as the box's console and its trust page show it. */
function inGroups(fingerprint: string): string[] {
  return fingerprint.replaceAll(':', '').match(/.{1,4}/g) ?? []
}
