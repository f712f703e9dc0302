import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { makeTestCertificates } from './certificates.ts'

const PROGRAM = '/usr/sbin/mosquitto'

/** Words for skipping when the broker is not installed. */
export const noMosquitto = (): string | false => (existsSync(PROGRAM) ? false : `${PROGRAM} is not installed`)

export const LOGIN = { username: 'lares', password: 'broker-password' } as const

export interface Broker {
  /** mqtts://localhost:… */
  readonly url: string
  readonly rootPem: string
  /** What clients of the test heard, newest last, by topic. */
  readonly heard: Map<string, string[]>
  publish(topic: string, payload: string, retain?: boolean): Promise<void>
  /** Stops the broker as a power cut does. */
  kill(): Promise<void>
  /** On the same port. */
  start(): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Debian's mosquitto on loopback: TLS, a login, nobody else. */
export async function startBroker(): Promise<Broker> {
  const certificates = makeTestCertificates()
  const folder = mkdtempSync(join(tmpdir(), 'lares-broker-'))
  const port = await freePort()
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o644 })
    return join(folder, name)
  }
  const passwords = file('passwords', '')
  execFileSync('mosquitto_passwd', ['-b', passwords, LOGIN.username, LOGIN.password], { stdio: 'ignore' })
  const config = file(
    'mosquitto.conf',
    [
      ...[`listener ${port} 127.0.0.1`, `cafile ${certificates.rootFile}`],
      ...[`certfile ${file('cert.pem', certificates.certPem)}`, `keyfile ${file('key.pem', certificates.keyPem)}`],
      ...['allow_anonymous false', `password_file ${passwords}`, 'persistence true', `persistence_location ${folder}/`],
      ...['autosave_on_changes true', 'autosave_interval 1', 'user root', ''],
    ].join('\n'),
  )
  const url = `mqtts://localhost:${port}`
  const heard = new Map<string, string[]>()
  let broker: ChildProcess | null = null
  let listener: MqttClient | null = null

  const connect = async (): Promise<MqttClient> => {
    for (let tries = 0; ; tries++) {
      try {
        return await connectAsync(url, { ...LOGIN, ca: certificates.rootPem, reconnectPeriod: 0 })
      } catch (error) {
        if (tries >= 100) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await listener?.endAsync(true)
    listener = null
    const child = broker
    broker = null
    if (child === null || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }

  const made: Broker = {
    ...{ url, rootPem: certificates.rootPem, heard },
    async publish(topic, payload, retain = false) {
      await listener?.publishAsync(topic, payload, { qos: 1, retain })
    },
    kill: () => end('SIGKILL'),
    async start() {
      broker = spawn(PROGRAM, ['-c', config], { stdio: 'ignore' })
      listener = await connect()
      listener.on(
        'message',
        (topic, payload) => void heard.set(topic, [...(heard.get(topic) ?? []), payload.toString()]),
      )
      await listener.subscribeAsync('#', { qos: 1 })
    },
    async stop() {
      await end('SIGTERM')
      certificates.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await made.start()
  return made
}
