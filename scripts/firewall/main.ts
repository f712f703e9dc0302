// Says of each documented rule set whether it shuts what it should. Exit code 1 when one does not.
import { isGood, judgeAll } from './judge.ts'
import { noNamespaces } from './namespaces.ts'
import { readDocumentedRules } from './documented-rules.ts'

const reason = noNamespaces('nft', 'iptables', 'ufw', 'unshare')
if (reason !== false) {
  console.error(`The rules cannot be tried here: ${reason.replace('skipped: ', '')}.`)
  process.exit(2)
}
let good = true
for await (const verdict of judgeAll(readDocumentedRules())) {
  console.log(`${isGood(verdict) ? '✓' : '✗'} ${verdict.name}`)
  good &&= isGood(verdict)
  for (const { what, expected, found } of verdict.checks)
    console.log(`    ${what}: ${found}${expected === found ? '' : `   (should be: ${expected})`}`)
}
process.exitCode = good ? 0 : 1
