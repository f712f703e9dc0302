// A root shell into an image that nobody changed: systemd takes the unit as a credential from the kernel's command line.
import { connect, type Socket } from 'node:net'

const PORT = '/dev/virtio-ports/lares-test'

/**
 * While nobody is connected outside, reading ends at once: hence the pause. One line in: number and command in base64. One line out: number, exit code, output in base64. Short, because the whole
 * command line of an arm64 kernel has 2048 bytes.
 */
const UNIT = `[Service]
Restart=always
ExecStart=/bin/sh -c 'p=${PORT};until [ -e $$p ];do sleep 1;done;exec 3<>$$p;while :;do read -r i c <&3||{ sleep 3;continue; };echo "$$c"|base64 -d|sh >/run/t.out 2>&1;echo "$$i $$? $$(base64 -w0 </run/t.out)" >&3;done'
`

export const LONGEST_COMMAND_LINE_BYTES = 2048

/** A unit for an unmodified image, as arguments of the kernel (systemd 256 or newer). */
export function unitOnCommandLine(name: string, unit: string): string {
  const encoded = Buffer.from(unit).toString('base64')
  return `systemd.set_credential_binary=systemd.extra-unit.${name}:${encoded} systemd.wants=${name}`
}

export const testShellOnCommandLine = (): string => unitOnCommandLine('t.service', UNIT)

export interface ShellAnswer {
  code: number
  output: string
}

export interface TestShell {
  /** Runs a command as root in the box. Rejects when it does not answer within the limit. */
  run(command: string, limitMs?: number): Promise<ShellAnswer>
  close(): void
}

const ANSWER_LIMIT_MS = 60_000
const ASK_AGAIN_MS = 5_000

/** Takes the line that came back apart; null for what is none. */
export function parseShellAnswer(line: string): (ShellAnswer & { id: number }) | null {
  const found = /^(\d+) (\d+) ?([A-Za-z0-9+/=]*)$/.exec(line.trim())
  if (!found) return null
  return { id: Number(found[1]), code: Number(found[2]), output: Buffer.from(found[3] ?? '', 'base64').toString() }
}

/** Connects to the emulator's socket; the box may still be starting. */
export function openTestShell(socketPath: string): TestShell {
  const waiting = new Map<number, (answer: ShellAnswer) => void>()
  let next = 1
  let rest = ''
  const socket: Socket = connect(socketPath)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer = parseShellAnswer(line)
      if (answer) waiting.get(answer.id)?.(answer)
    }
  })
  return {
    run: (command, limitMs = ANSWER_LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const id = next++
        const ends = setTimeout(() => {
          waiting.delete(id)
          reject(new Error(`The box did not answer within ${limitMs / 1000} s: ${command}`))
        }, limitMs)
        waiting.set(id, (answer) => {
          clearTimeout(ends)
          waiting.delete(id)
          resolve(answer)
        })
        socket.write(`${id} ${Buffer.from(command).toString('base64')}\n`)
      }),
    close: () => socket.destroy(),
  }
}

/** Waits until the box takes commands. */
export async function waitForShell(shell: TestShell, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs
  for (;;) {
    try {
      await shell.run('true', ASK_AGAIN_MS)
      return
    } catch (error) {
      if (Date.now() > until) throw error
    }
  }
}
