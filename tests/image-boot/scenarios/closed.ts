import { connect } from 'node:net'
import type { Lab } from '../lab.ts'
import { NotHere, expect, type Scenario } from '../scenario.ts'

export const closed: readonly Scenario[] = [
  {
    id: 'open-ports',
    title: 'From outside only ports 80 and 443 are open; no SSH',
    after: ['first-boot'],
    async run(lab) {
      await lab.bootToHttps()
      const open = await openPorts(lab)
      expect(open.length === 0, `Open from outside besides 80 and 443: ${open.join(', ')}`)
      const rules = await lab.box.must('nft list ruleset')
      expect(
        /hook input[^;]*;\s*policy drop/.test(rules),
        `The firewall does not drop what it does not know:\n${rules}`,
      )
      const ssh = (
        await lab.box.run('systemctl is-enabled ssh.service ssh.socket; systemctl is-active ssh.service ssh.socket')
      ).output
      expect(!/^(enabled|active)$/m.test(ssh), `SSH is not off: ${ssh}`)
      const listening = await lab.box.must("ss -Htuln | awk '{print $1\"/\"$5}' | sort -u | paste -sd' '")
      return [
        `Tried ${lab.scanned.length} further ports for ${SCAN_S} s. Listening inside: ${listening.trim()}. SSH: ${ssh.trim().split('\n').join(', ')}.`,
      ]
    },
  },
  {
    id: 'idle-writes',
    title: 'Idle writes, scaled to a day (goal 50 MB)',
    after: ['plug'],
    async run(lab) {
      const { idleMinutes } = lab.options
      if (idleMinutes === 0) throw new NotHere('Asked not to wait (--idle-min 0).')
      await lab.bootToHttps()
      await lab.box.run(`sleep ${SETTLE_S}`, (SETTLE_S + 60) * 1000)
      const [before, programsBefore] = [await sectorsWritten(lab), await writtenByPrograms(lab)]
      await lab.box.run(`sleep ${idleMinutes * 60}`, (idleMinutes * 60 + 120) * 1000)
      const written = ((await sectorsWritten(lab)) - before) * SECTOR_BYTES
      const programs = mostWritten(programsBefore, await writtenByPrograms(lab))
      const mbADay = (written / 1024 ** 2 / idleMinutes) * 24 * 60
      lab.figures.idle_writes_mb_a_day = mbADay
      const facts = [
        `${(written / 1024).toFixed(0)} kB in ${idleMinutes} minutes, ${SETTLE_S} s after a page came: ${mbADay.toFixed(0)} MB a day, with one plug polled, no camera, nobody signed in at the app.`,
        `Handed to the disk by programs meanwhile: ${programs}.`,
      ]
      expect(mbADay <= MOST_MB_A_DAY, facts.join(' '))
      return facts
    },
  },
  {
    id: 'exposure',
    title: 'Exposure of the service by systemd-analyze in the box (goal 2.0)',
    after: ['first-boot'],
    async run(lab) {
      await lab.bootToHttps()
      const text = await lab.box.must('systemd-analyze security --no-pager lares.service', 180_000)
      const exposure = Number(/Overall exposure level for lares\.service: ([\d.]+)/.exec(text)?.[1])
      lab.figures.exposure = exposure
      expect(exposure <= 2, `It is ${exposure}.`)
      return [`${exposure}.`]
    },
  },
]

const SCAN_S = 95
const SETTLE_S = 60
const SECTOR_BYTES = 512
const MOST_MB_A_DAY = 50

const BY_PROGRAM =
  'for p in /proc/[0-9]*; do w=$(sed -n "s/^write_bytes: //p" $p/io 2>/dev/null); [ "${w:-0}" -gt 0 ] && echo "$p $w $(cat $p/comm)"; done; true'

/** Bytes that each process had written to disks since it began, by process. */
async function writtenByPrograms(lab: Lab): Promise<Map<string, { bytes: number; name: string }>> {
  const lines = (await lab.box.must(BY_PROGRAM)).trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [process = '', bytes, ...name] = line.split(' ')
      return [process, { bytes: Number(bytes), name: name.join(' ') }]
    }),
  )
}

const MOST_PROGRAMS = 5

function mostWritten(before: Awaited<ReturnType<typeof writtenByPrograms>>, after: typeof before): string {
  const grown = [...after].map(([process, { bytes, name }]) => ({
    name,
    kb: (bytes - (before.get(process)?.bytes ?? 0)) / 1024,
  }))
  const most = grown
    .filter(({ kb }) => kb > 0)
    .sort((a, b) => b.kb - a.kb)
    .slice(0, MOST_PROGRAMS)
  return most.map(({ name, kb }) => `${name} ${kb.toFixed(0)} kB`).join(', ') || 'nothing'
}

async function sectorsWritten(lab: Lab): Promise<number> {
  return Number(await lab.box.must("awk '{print $7}' /sys/block/vda/stat"))
}

/**
 * The emulator's network takes each call itself and hangs up when the box refuses it, or after 75 s when the box says
 * nothing (a firewall that drops). What is still connected after that is open.
 */
async function openPorts(lab: Lab): Promise<number[]> {
  const tries = lab.scanned.map(async ({ guestPort, hostPort }) => ((await staysOpen(hostPort)) ? [guestPort] : []))
  return (await Promise.all(tries)).flat()
}

function staysOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const stays = setTimeout(() => {
      socket.destroy()
      resolve(true)
    }, SCAN_S * 1000)
    const gone = (): void => {
      clearTimeout(stays)
      resolve(false)
    }
    socket.on('error', gone)
    socket.on('close', gone)
    socket.resume()
  })
}
