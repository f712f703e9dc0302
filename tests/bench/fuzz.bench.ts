// Hostile requests to every route of the whole product: how many, and how many it answered with a mistake of its own.
import { attack, counts, endCampaign, startCampaign } from '../security/hostile-campaign.ts'
import { isQuick, report } from './report.ts'

await startCampaign()
const from = performance.now()
const failures = await attack(isQuick ? 5_000 : 20_000)
const seconds = (performance.now() - from) / 1_000
await endCampaign()
for (const failure of failures) console.log(failure)

report({
  bench: 'fuzz',
  figures: {
    requests: counts.requests,
    server_errors: failures.length,
    requests_per_s: Math.round(counts.requests / seconds),
  },
  goals: { requests: isQuick ? {} : { atLeast: 20_000 }, server_errors: { atMost: 0 } },
  conditions: { passed: counts.passed, refused: counts.refused, at_a_device: counts.atDevice },
})
