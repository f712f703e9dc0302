// The one live channel: a WebSocket that keeps itself open and hands each event to whoever keeps that state.
import { signal } from '@preact/signals'
import type { ClientMessage, ServerMessage, StreamEvents } from './wire.ts'

type Name = keyof StreamEvents
type Listener<N extends Name> = (data: StreamEvents[N]) => void

/** `idle`: not signed in. `lost`: everything on the screen may be stale, since `lostSince`. */
export const connection = signal<'idle' | 'connecting' | 'live' | 'lost'>('idle')
/** Epoch milliseconds of the moment the channel was lost; null while it is open. */
export const lostSince = signal<number | null>(null)
/** Counts the times that everything has to be read again over HTTP. */
export const resyncs = signal(0)

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000
const PING_EVERY_MS = 20_000
/** No word for this long: the network died without saying so. */
const SILENT_MS = 45_000
/** After this many openings that came to nothing the box is asked whether we may open it at all. */
const ASK_EVERY = 2

const listeners = new Map<Name, Set<(data: never) => void>>()
let socket: WebSocket | null = null
interface Position {
  run: string
  seq: number
}
let position: Position | null = null
/** Of the first thing that was read, until the channel is open for the first time. */
let readFrom: Position | null = null
let waitMs = FIRST_WAIT_MS
let retryTimer: ReturnType<typeof setTimeout> | undefined
let pingTimer: ReturnType<typeof setInterval> | undefined
let heardAt = 0
/** Openings in a row that came to nothing. */
let refused = 0
let opening = 0
let hooks: StreamHooks = { ready: () => Promise.resolve(), ended: () => undefined }

export interface StreamHooks {
  /** Awaited before each opening: a socket cannot be told "renew your token first". */
  ready: () => Promise<void>
  /** The server has closed the channel, or does not open it: the session may be over. */
  ended: () => void
}

/** Calls `listener` for every event of that name until the returned function is called. */
export function listen<N extends Name>(name: N, listener: Listener<N>): () => void {
  const set = listeners.get(name) ?? new Set()
  listeners.set(name, set.add(listener))
  return () => set.delete(listener)
}

/** The box has answered a question; `text` is where its events were before that. */
export function noteReading(text: string | null): void {
  const [run, seq] = text?.split('/') ?? []
  if (position === null && readFrom === null && run && seq) readFrom = { run, seq: Number(seq) }
}

/** Opens the channel and keeps it open. */
export function startStream(handlers: StreamHooks): void {
  hooks = handlers
  if (connection.value !== 'idle') return
  connection.value = 'connecting'
  addEventListener('online', retryNow)
  document.addEventListener('visibilitychange', retryNow)
  pingTimer = setInterval(keepAlive, PING_EVERY_MS)
  void open()
}

export function stopStream(): void {
  removeEventListener('online', retryNow)
  document.removeEventListener('visibilitychange', retryNow)
  clearTimeout(retryTimer)
  clearInterval(pingTimer)
  const closing = socket
  opening += 1
  socket = null
  refused = 0
  position = null
  readFrom = null
  lostSince.value = null
  connection.value = 'idle'
  closing?.close()
}

async function open(): Promise<void> {
  clearTimeout(retryTimer)
  const turn = ++opening
  // When it fails, the opening will, and is tried again.
  await hooks.ready().catch(() => undefined)
  if (turn !== opening) return
  const opened = new WebSocket(`wss://${location.host}/api/stream`)
  socket = opened
  heardAt = Date.now()
  opened.onmessage = (event) => {
    if (socket === opened) receive(JSON.parse(String(event.data)) as ServerMessage)
  }
  opened.onclose = () => {
    if (socket === opened) lose()
  }
}

function lose(): void {
  socket = null
  if (++refused % ASK_EVERY === 0) hooks.ended()
  if (connection.value === 'idle') return
  lostSince.value ??= Date.now()
  connection.value = 'lost'
  // Spread out, so that every phone of the house does not come back in the same instant after a restart.
  retryTimer = setTimeout(() => void open(), waitMs * (0.75 + Math.random() / 2))
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
}

function retryNow(): void {
  if (document.visibilityState !== 'visible') return
  if (connection.value === 'lost') {
    waitMs = FIRST_WAIT_MS
    void open()
  } else keepAlive()
}

function keepAlive(): void {
  if (socket?.readyState !== WebSocket.OPEN) return
  if (Date.now() - heardAt > SILENT_MS) {
    const silent = socket
    lose()
    silent.close()
  } else say({ type: 'ping' })
}

function say(message: ClientMessage): void {
  socket?.send(JSON.stringify(message))
}

function receive(message: ServerMessage): void {
  heardAt = Date.now()
  switch (message.type) {
    case 'hello':
      greet(message.run, message.seq)
      break
    case 'event':
      if (position) position.seq = message.seq
      for (const listener of listeners.get(message.name) ?? []) listener(message.data as never)
      break
    case 'resync':
      resyncs.value += 1
      break
    case 'ended':
      // Signed out, or the box is stopping: only the box itself can tell. The close that follows starts the retries.
      hooks.ended()
      break
    case 'pong':
      break
  }
}

/**
 * After a gap, and after what was read before the channel was open: ask for what was missed. When the server has restarted
 * meanwhile, nobody can tell what that is: everything is read again.
 */
function greet(run: string, seq: number): void {
  const before = position ?? readFrom
  position = { run, seq }
  waitMs = FIRST_WAIT_MS
  refused = 0
  lostSince.value = null
  connection.value = 'live'
  if (before?.run === run) say({ type: 'resume', run, seq: before.seq })
  else resyncs.value += 1
}
