import { randomUUID } from 'node:crypto'
import { access, readdir, rm, symlink, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { readIfThere } from '../../core/disk.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { HOME_PROFILE, homeProfile, PROFILE_FOLDER, profileFile, setCountry, writeFileSafely } from '../wifi/index.ts'
import type { WantedWifi } from '../wifi/index.ts'
import type { Wishes } from './wishes.ts'

export interface Ground {
  /** `/`, or a folder that stands for the machine in tests. */
  root: string
  clock: Clock
  log: Log
}

/** Carries out what the files ask for. Returns what that was, in words. */
export async function applyWishes(wishes: Wishes, ground: Ground): Promise<string[]> {
  const taken: string[] = []
  if (wishes.country !== undefined) {
    await setCountry(wishes.country, ground)
    taken.push('country')
  }
  if (wishes.wifi) {
    await setWifi(wishes.wifi, ground)
    taken.push('Wi-Fi')
  }
  if (wishes.hostname !== undefined) {
    await setHostname(wishes.hostname, ground)
    taken.push('name')
  }
  if (wishes.timezone !== undefined) {
    await setTimeZone(wishes.timezone, ground)
    taken.push('time zone')
  }
  if (wishes.sshKeys) {
    await writeFileSafely(join(ground.root, 'data/os/ssh/authorized_keys'), `${wishes.sshKeys.join('\n')}\n`)
    taken.push('ssh key')
  }
  return taken
}

/** What the household wrote on the card replaces what was there. The new file comes before the old ones go. */
async function setWifi(wanted: WantedWifi, { root }: Ground): Promise<void> {
  const uuid = randomUUID()
  const file = profileFile(root, uuid)
  await writeFileSafely(file, homeProfile(wanted, uuid))
  const folder = join(root, PROFILE_FOLDER)
  for (const name of await readdir(folder))
    if (name.startsWith(`${HOME_PROFILE}-`) && join(folder, name) !== file) await rm(join(folder, name))
}

/** For the network (avahi), and for the product, whose certificate and links carry the name. */
async function setHostname(hostname: string, { root, log }: Ground): Promise<void> {
  await writeFileSafely(join(root, 'etc/hostname'), `${hostname}\n`, 0o644)
  await writeFile(join(root, 'proc/sys/kernel/hostname'), hostname).catch((error: unknown) =>
    log.warn({ err: messageOf(error) }, 'The new name counts from the next start'),
  )
  const settings = join(root, 'etc/lares/lares.conf')
  const text = (await readIfThere(settings)) ?? ''
  const others = text.split('\n').filter((line) => !line.startsWith('LARES_NAME='))
  const kept = others.join('\n').replace(/\n*$/, '')
  await writeFileSafely(settings, `${kept === '' ? '' : `${kept}\n`}LARES_NAME=${hostname}\n`, 0o644)
}

async function setTimeZone(timezone: string, { root, log }: Ground): Promise<void> {
  const target = join('/usr/share/zoneinfo', timezone)
  try {
    await access(join(root, target))
  } catch {
    log.warn({ timezone }, 'This time zone is not known here')
    return
  }
  const link = join(root, 'etc/localtime')
  await rm(`${link}.new`, { force: true })
  await symlink(target, `${link}.new`)
  await rename(`${link}.new`, link)
}
