/** One thing at a time per address: plugs, strips above all, answer wrongly when asked twice at once. */
export interface HostQueues {
  /** Runs `work` after what is queued for `host:port`; what a person waits for goes before what is polled. */
  run<T>(host: string, port: number, urgency: 'person' | 'poll', work: () => Promise<T>): Promise<T>
}

interface Queue {
  busy: boolean
  person: (() => Promise<void>)[]
  poll: (() => Promise<void>)[]
}

export function createHostQueues(): HostQueues {
  const queues = new Map<string, Queue>()

  async function drain(key: string, queue: Queue): Promise<void> {
    if (queue.busy) return
    queue.busy = true
    for (let next = take(queue); next; next = take(queue)) await next()
    queue.busy = false
    queues.delete(key)
  }

  return {
    run(host, port, urgency, work) {
      const key = `${host}:${port}`
      const queue = queues.get(key) ?? { busy: false, person: [], poll: [] }
      queues.set(key, queue)
      return new Promise((resolve, reject) => {
        queue[urgency].push(() => work().then(resolve, reject))
        void drain(key, queue)
      })
    },
  }
}

function take(queue: Queue): (() => Promise<void>) | undefined {
  return queue.person.shift() ?? queue.poll.shift()
}
