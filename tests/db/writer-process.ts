// A process of its own for durability.test.ts: writes numbers for ever and prints each one once it is committed.
import { silentLog } from '../../appliance/src/core/log.ts'
import { lockInstance, openDatabase } from '../../appliance/src/db/index.ts'

const [file = '', lock = ''] = process.argv.slice(2)
await lockInstance(lock, 'the test folder')
const database = await openDatabase({ file, log: silentLog() })
const last = await database.reader
  .selectFrom('settings')
  .select(({ fn }) => fn.max('updated_at').as('at'))
  .executeTakeFirst()
for (let number = Number(last?.at ?? 0) + 1; ; number++) {
  await database.transaction(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: `n${number}`, value: 'x'.repeat(number % 500), updated_at: number })
      .execute()
  })
  process.stdout.write(`${number}\n`)
}
