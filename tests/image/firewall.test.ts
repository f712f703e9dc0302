import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { OVERLAY, without } from './places.ts'

const FILE = join(OVERLAY, 'etc/nftables.conf')
const rules = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .join('\n')
const noNamespace = process.getuid?.() === 0 ? false : 'skipped: only root has a network namespace of its own'

describe('SEC-C5 the firewall of the image', () => {
  it('drops what nobody named, coming in and passing through', () => {
    assert.match(rules, /hook input priority filter; policy drop;/)
    assert.match(rules, /hook forward priority filter; policy drop;/)
  })

  it('lets in the app, being found, addresses from the router, and nothing else', () => {
    const input = /chain input \{([\s\S]*?)\n {2}\}/.exec(rules)?.[1] ?? ''
    const opened = [...input.matchAll(/(tcp|udp) dport (\{[^}]*\}|\d+) accept/g)].flatMap(([, protocol, ports = '']) =>
      [...ports.matchAll(/\d+/g)].map(([port]) => `${protocol} ${port}`),
    )
    assert.deepEqual(opened, ['udp 68', 'udp 546', 'udp 5353', 'tcp 80', 'tcp 443'])
    assert.doesNotMatch(input, /dport 22\b/)
    const accepts = input.split('\n').filter((line) => line.includes('accept')).length
    assert.equal(accepts, 7, 'answers, loopback, ICMP, three of ports, and packets that another table of ours marked')
  })

  it('is understood by nft, and loading it twice gives the same', { skip: without('nft') || noNamespace }, () => {
    const twice = `nft -f ${FILE} && nft -f ${FILE} && nft list ruleset`
    const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', twice], {
      encoding: 'utf8',
      env: { PATH: `${process.env.PATH}:/usr/sbin` },
    })
    assert.equal(status, 0, stderr)
    assert.equal(stdout.match(/table inet lares/g)?.length, 1)
  })
})
