import { useSignal } from '@preact/signals'
import { setLed } from '../../client-plugs.ts'
import { asClientError } from '../../client-error.ts'
import { dayAndTime } from '../../format.ts'
import { FactList } from '../../parts/fact-list.tsx'
import { Section } from '../../parts/page.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { timeZone } from '../../state/home.ts'
import { may } from '../../state/session.ts'
import { showFailure } from '../../state/toasts.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugDetail } from '../../wire-plugs.ts'

const words = plugWords.page.facts

const GOOD_DBM = -60
const FAIR_DBM = -72
const signalWords = (dbm: number): string => {
  const quality = dbm >= GOOD_DBM ? 'good' : dbm >= FAIR_DBM ? 'fair' : 'weak'
  return `${words.quality[quality]} (${words.dbm(dbm)})`
}

function speaks({ encryption, usesAccount }: PlugDetail): string | null {
  if (encryption === null) return null
  const scheme = words.encryption[encryption]
  return usesAccount ? words.withAccount(scheme) : scheme
}

export interface FactsProps {
  plug: PlugDetail
  onLed: (on: boolean) => void
}

/** What an engineer asks for. */
export function Facts({ plug, onLed }: FactsProps) {
  const { reading, strip } = plug
  const rows: [string, string | null][] = [
    [words.model, plug.model],
    [words.strip, strip && words.outlet(strip.position, strip.name)],
    [words.firmware, plug.firmware],
    [words.hardware, plug.hardware],
    [words.speaks, speaks(plug)],
    [words.signal, plug.rssiDbm === null ? null : signalWords(plug.rssiDbm)],
    [words.voltage, reading?.voltageMv == null ? null : `${(reading.voltageMv / 1_000).toFixed(0)} V`],
    [words.current, reading?.currentMa == null ? null : `${(reading.currentMa / 1_000).toFixed(2)} A`],
    [words.counter, reading?.totalWh == null ? null : `${(reading.totalWh / 1_000).toFixed(1)} kWh`],
    [words.address, plug.host],
    [words.mac, plug.mac],
  ]
  return (
    <Section title={words.title}>
      <FactList rows={rows} />
      {plug.can.includes('led') && plug.ledOn !== null && <Led plug={plug} on={plug.ledOn} onLed={onLed} />}
      {plug.addresses.length > 1 && <Addresses plug={plug} />}
    </Section>
  )
}

function Led({ plug, on, onLed }: FactsProps & { on: boolean }) {
  const pending = useSignal(false)
  const toggle = async (to: boolean) => {
    pending.value = true
    onLed(to)
    try {
      await setLed(plug.id, to)
    } catch (failure) {
      onLed(on)
      showFailure(asClientError(failure))
    } finally {
      pending.value = false
    }
  }
  return (
    <ul class="rows">
      <li>
        <span class="row-words">
          <span>{words.led}</span>
          <span class="quiet">{words.ledText}</span>
        </span>
        <Toggle
          label={words.led}
          on={on}
          pending={pending.value}
          disabledReason={may('devices.edit') ? undefined : words.led}
          onToggle={(to) => void toggle(to)}
        />
      </li>
    </ul>
  )
}

function Addresses({ plug: { addresses } }: { plug: PlugDetail }) {
  const zone = timeZone.value
  return (
    <details class="fold">
      <summary>{words.addresses}</summary>
      <ul class="rows">
        {addresses.map(({ host, firstSeenAt, lastSeenAt }) => (
          <li key={host}>
            <span class="row-words">
              <span>{host}</span>
              <span class="quiet">
                {words.since(dayAndTime(firstSeenAt, Date.now(), zone), dayAndTime(lastSeenAt, Date.now(), zone))}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
