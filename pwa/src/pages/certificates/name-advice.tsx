import { Note } from '../../parts/states.tsx'
import { cert } from '../../text/certificates.ts'
import type { PublicName } from '../../wire-certificates.ts'

const words = cert.rebinding

/** Whether phones at home find the box under its public names; most often it is the router that says no. */
export function NameAdvice({ of: names }: { of: readonly PublicName[] }) {
  return (
    <>
      {names.map((name) => (
        <One key={name.name} of={name} />
      ))}
    </>
  )
}

function One({ of: { name, leads, addresses } }: { of: PublicName }) {
  if (leads === 'here') return <Note tone="good" title={words.here(name)} />
  if (leads === 'unknown') return <Note tone="info" title={words.unknown(name)} />
  if (leads === 'elsewhere') return <Note tone="info" title={words.elsewhere(name, addresses.join(', '))} />
  return (
    <Note tone="warning" title={words.title(name)}>
      <p>{words.text}</p>
      <p class="quiet">{words.router}</p>
    </Note>
  )
}
