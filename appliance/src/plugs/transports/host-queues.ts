/** One thing at a time per address: plugs, strips above all, answer wrongly when asked twice at once. */
export interface HostQueues {
  /** Runs `work` after what is queued for `host`; what a person waits for goes before what is polled. */
  run<T>(host: string, urgency: 'person' | 'poll', work: () => Promise<T>): Promise<T>
  /** From within `work`: this one keeps a connection open from now on. `release` is called before another does. */
  claim(host: string, release: () => void): void
  /** It keeps none any more. */
  disclaim(host: string, release: () => void): void
}

type Job = () => Promise<void>

interface Queue {
  key: string
  isBusy: boolean
  person: Job[]
  poll: Job[]
}

/** Polls at once, over all addresses: a house full of plugs must not call all of them in the same moment. */
const MAX_POLLS = 64

export function createHostQueues(maxPolls = MAX_POLLS): HostQueues {
  const queues = new Map<string, Queue>()
  /** Those whose next job is a poll that found no room. */
  const starved = new Set<Queue>()
  const holders = new Map<string, () => void>()
  let polls = 0

  async function poll(job: Job): Promise<void> {
    polls += 1
    await job()
    polls -= 1
    const [first] = starved
    if (!first) return
    starved.delete(first)
    void drain(first)
  }

  function next(queue: Queue): Job | undefined {
    const urgent = queue.person.shift()
    if (urgent) return urgent
    const job = polls < maxPolls ? queue.poll.shift() : undefined
    return job && (() => poll(job))
  }

  async function drain(queue: Queue): Promise<void> {
    if (queue.isBusy) return
    queue.isBusy = true
    for (let job = next(queue); job; job = next(queue)) await job()
    queue.isBusy = false
    if (queue.poll.length > 0) starved.add(queue)
    else if (queue.person.length === 0) queues.delete(queue.key)
  }

  return {
    claim(host, release) {
      const holder = holders.get(host)
      if (holder !== release) holder?.()
      holders.set(host, release)
    },
    disclaim(host, release) {
      if (holders.get(host) === release) holders.delete(host)
    },
    run(key, urgency, work) {
      const queue = queues.get(key) ?? { key, isBusy: false, person: [], poll: [] }
      queues.set(key, queue)
      return new Promise((resolve, reject) => {
        queue[urgency].push(() => work().then(resolve, reject))
        void drain(queue)
      })
    },
  }
}
