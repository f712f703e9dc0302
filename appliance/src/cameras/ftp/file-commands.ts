import { rename, unlink } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { openTransfer, partsOf, type SignedIn } from './session-state.ts'
import { bytesBelow, fileAt, folderAt, listFolder, listLine, makeFolderAt, shownPath } from './paths.ts'
import { appendFile, receiveFile, type ReceiveLimits } from './receive.ts'

const CLOSE_WITHIN_MS = 2_000

const quoted = (parts: readonly string[]): string => `"${shownPath(parts).replaceAll('"', '""')}"`

export async function changeFolder(state: SignedIn, said: string): Promise<string> {
  const parts = partsOf(state, said)
  await folderAt(state.home.folder, parts)
  state.parts = parts
  return `250 ${quoted(parts)}`
}

export async function makeFolder(state: SignedIn, said: string): Promise<string> {
  const parts = partsOf(state, said)
  await makeFolderAt(state.home.folder, parts)
  return `257 ${quoted(parts)} is there.`
}

/** `-a`, `-l` and the like are for the shell's own ls. */
const withoutFlags = (argument: string): string => argument.replace(/^(-\w+\s*)+/, '').trim()

export async function list(state: SignedIn, argument: string, how: 'long' | 'names'): Promise<string> {
  const said = withoutFlags(argument)
  const parts = said === '' || said.includes('*') ? [...state.parts] : partsOf(state, said)
  const entries = await listFolder(await folderAt(state.home.folder, parts))
  const text = entries.map((entry) => (how === 'long' ? listLine(entry) : `${entry.name}\r\n`)).join('')
  const socket = await openTransfer(state)
  try {
    await sendAll(socket, text, state.services.clock)
  } finally {
    endTransfer(state)
  }
  return '226 That is all.'
}

/** Until the other side has closed too: ended sooner, TLS clients lose what is on its way. */
function sendAll(socket: Socket, text: string, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      resolve()
    }
    const cancel = clock.after(CLOSE_WITHIN_MS, done)
    socket.once('close', done).once('end', done)
    socket.resume().end(text)
  })
}

export async function sizeOf(state: SignedIn, said: string): Promise<string> {
  const { entry } = await fileAt(state.home.folder, partsOf(state, said))
  if (!entry) throw new LaresError('not-found', 'There is no such file.')
  return `213 ${String(entry.size)}`
}

export async function store(state: SignedIn, said: string, how: 'replace' | 'append'): Promise<string> {
  const { services, home } = state
  const parts = partsOf(state, said)
  const { path, entry } = await fileAt(home.folder, parts)
  if (services.isDiskLow()) throw new LaresError('unavailable', 'The disk is nearly full.', { code: 'DISK_FULL' })
  const append = how === 'append' && entry !== null
  const limits = await limitsFor(state, entry && !append ? entry.size : 0, append ? (entry?.size ?? 0) : 0)
  const socket = await openTransfer(state)
  try {
    const bytes = await (append ? appendFile : receiveFile)(socket, path, services.clock, limits)
    state.usedBytes = (state.usedBytes ?? 0) + bytes
    state.stored.add(path)
    // An appended file may grow on: the watcher sees when it has settled.
    if (!append) services.onStored(path)
    return `226 Received: ${String(bytes)} bytes in ${quoted(parts)}.`
  } finally {
    endTransfer(state)
  }
}

/** `freed`: what is replaced; `already`: what is there when something is added to it. */
async function limitsFor(state: SignedIn, freed: number, already: number): Promise<ReceiveLimits> {
  const { largestFileBytes, quotaBytes } = state.services.limits()
  state.usedBytes ??= await bytesBelow(state.home.folder)
  const left = quotaBytes - state.usedBytes + freed
  if (left <= 0) throw new LaresError('too-large', 'The folder of this camera is full.')
  return left + already < largestFileBytes
    ? { mostBytes: left + already, tooMuch: 'The folder of this camera is full.' }
    : { mostBytes: largestFileBytes, tooMuch: 'The file is too large.' }
}

function endTransfer(state: SignedIn): void {
  state.transfer?.destroy()
  state.transfer = null
}

export async function renameFrom(state: SignedIn, said: string): Promise<string> {
  const parts = partsOf(state, said)
  const { entry } = await fileAt(state.home.folder, parts)
  if (!entry) throw new LaresError('not-found', 'There is no such file.')
  state.renameFrom = parts
  return '350 And the new name?'
}

/** Within the home, and never over something that is there. */
export async function renameTo(state: SignedIn, said: string): Promise<string> {
  const { renameFrom: fromParts, home, services } = state
  state.renameFrom = null
  if (!fromParts) return '503 RNFR comes first.'
  const from = await fileAt(home.folder, fromParts)
  const to = await fileAt(home.folder, partsOf(state, said))
  if (!from.entry) throw new LaresError('not-found', 'There is no such file.')
  if (to.entry) throw new LaresError('conflict', 'There is a file of that name already.')
  await rename(from.path, to.path)
  if (state.stored.delete(from.path)) state.stored.add(to.path)
  services.onStored(to.path)
  return '250 Renamed.'
}

/** The test button of many cameras sends a file and takes it back; what came earlier is evidence and stays. */
export async function deleteFile(state: SignedIn, said: string): Promise<string> {
  const { path, entry } = await fileAt(state.home.folder, partsOf(state, said))
  if (!entry) throw new LaresError('not-found', 'There is no such file.')
  if (!state.stored.delete(path)) return '550 Only what this connection has sent can be taken back.'
  await unlink(path)
  state.usedBytes = Math.max(0, (state.usedBytes ?? 0) - entry.size)
  return '250 Taken back.'
}
