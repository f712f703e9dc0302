import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { IMAGE_RULES, readDocumentedRules } from '../../scripts/firewall/documented-rules.ts'
import { isGood, judgeAll } from '../../scripts/firewall/judge.ts'
import { noNamespaces } from '../../scripts/firewall/namespaces.ts'
import { applyNft, applyShell, tryOnBox } from '../../scripts/firewall/try-rules.ts'

const skip = noNamespaces('nft', 'iptables', 'ufw', 'unshare')

describe('SEC-C5 firewall', { skip, timeout: 280_000 }, () => {
  test('every documented rule set and the image’s own let through the app, WireGuard when on, and nothing else', async () => {
    const names: string[] = []
    for await (const verdict of judgeAll(readDocumentedRules())) {
      names.push(verdict.name)
      assert.ok(isGood(verdict), JSON.stringify(verdict, null, 2))
    }
    assert.equal(names.length, 8)
  })

  test('the scan sees a port that is open too much: in no rules, and in a set with a hole', async () => {
    const { atHome } = await tryOnBox(applyShell('true'))
    assert.ok(atHome.tcp.length > 1_000 && atHome.udp.includes(51_820))
    const rules = `${readDocumentedRules().iptables}\niptables -A INPUT -p tcp --dport 5432 -j ACCEPT`
    assert.deepEqual((await tryOnBox(applyShell(rules))).stranger.tcp, [5432])
  })

  test('a page without a block, or with one that nobody tries, is found', () => {
    const page = readFileSync(new URL('../../docs/guide/firewall.md', import.meta.url), 'utf8')
    assert.throws(() => readDocumentedRules(page.replace('firewall: docker', 'firewall: podman')), /docker.*podman/)
  })

  test('the image’s rules load twice: a reload leaves one table', async () => {
    const { atHome } = await tryOnBox(applyNft(IMAGE_RULES, IMAGE_RULES))
    assert.deepEqual(atHome.tcp, [80, 443])
  })
})
