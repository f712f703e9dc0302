// node scan.ts ADDRESS: which ports answer there, as JSON. Refusing counts as answering: a shut port keeps silent.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { TCP_PORTS, UDP_PORTS } from './ports.ts'

const PATIENCE_MS = 1_500
const AT_ONCE = 1_100

function answersTcp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answered: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answered)
    }
    const timer = setTimeout(() => end(false), PATIENCE_MS)
    socket.once('connect', () => end(true))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'))
  })
}

function answersUdp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (answered: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answered)
    }
    const timer = setTimeout(() => end(false), PATIENCE_MS)
    socket.once('message', () => end(true))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'))
    socket.connect(port, host, () => socket.send('?'))
  })
}

async function which(ports: readonly number[], answers: (port: number) => Promise<boolean>): Promise<number[]> {
  const found: number[] = []
  for (let from = 0; from < ports.length; from += AT_ONCE) {
    const some = ports.slice(from, from + AT_ONCE)
    const each = await Promise.all(some.map(answers))
    found.push(...some.filter((_, index) => each[index]))
  }
  return found
}

const host = process.argv[2] ?? ''
const tcp = await which(TCP_PORTS, (port) => answersTcp(host, port))
const udp = await which(UDP_PORTS, (port) => answersUdp(host, port))
console.log(JSON.stringify({ tcp, udp }))
