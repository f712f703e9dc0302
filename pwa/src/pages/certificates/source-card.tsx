import { dayAndTime, dayName } from '../../format.ts'
import { Note } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { cert } from '../../text/certificates.ts'
import { t } from '../../text/index.ts'
import type { CertificateSourceView } from '../../wire-certificates.ts'

const LOOKS = { 'its-names': 'is-good', 'everybody-else': 'is-good', nobody: 'is-notice' } as const

const day = (at: number) => dayName(at, Date.now(), timeZone.value)
const moment = (at: number) => dayAndTime(at, Date.now(), timeZone.value)

/** One source: its certificate, for whom, until when, and how it does. */
export function SourceCard({ of: source }: { of: CertificateSourceView }) {
  const { kind, servedTo, certificate, problem } = source
  const { title, text } = cert.sources[kind]
  return (
    <article class="card is-source">
      <header class="card-head">
        <h3>{title}</h3>
        <span class={`badge ${LOOKS[servedTo]}`}>{cert.servedTo[servedTo]}</span>
      </header>
      <p class="quiet">{text}</p>
      {problem !== null && (
        <Note tone={certificate ? 'warning' : 'problem'} title={cert.problem}>
          <p>{problem}</p>
        </Note>
      )}
      <Facts rows={factsOf(source)} />
      {certificate && (
        <details class="fold">
          <summary>{t.shell.details}</summary>
          <Facts
            rows={[
              [cert.issuer, certificate.issuer],
              [cert.key, certificate.key],
              [cert.fingerprint, certificate.fingerprint],
            ]}
          />
        </details>
      )}
    </article>
  )
}

/** Only what is known: an empty line tells nothing. */
function factsOf({ kind, certificate, lastRenewedAt, lastTriedAt, nextTryAt }: CertificateSourceView) {
  const rows: [string, string][] = []
  if (certificate && certificate.names.length > 0) rows.push([cert.names, certificate.names.join(', ')])
  if (certificate && certificate.addresses.length > 0) rows.push([cert.addresses, certificate.addresses.join(', ')])
  if (certificate) rows.push([cert.until, day(certificate.validUntil)])
  if (lastRenewedAt !== null) rows.push([cert.renewed, moment(lastRenewedAt)])
  if (kind !== 'local-ca' && lastTriedAt !== null) rows.push([cert.tried, moment(lastTriedAt)])
  if (nextTryAt !== null)
    rows.push(kind === 'local-ca' ? [cert.nextRenewal, day(nextTryAt)] : [cert.next, moment(nextTryAt)])
  return rows
}

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
