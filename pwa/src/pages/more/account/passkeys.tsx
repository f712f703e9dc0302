import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Age } from '../../../parts/age.tsx'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { isBareAddress, passkeysPossible } from '../../../parts/passkey.ts'
import { Loaded, Note, Skeleton } from '../../../parts/states.tsx'
import { createResource, useResource } from '../../../state/resource.ts'
import { checkSession } from '../../../state/session.ts'
import { own } from '../../../text/account.ts'
import type { Passkey } from '../../../wire.ts'
import { AddPasskey } from './add-passkey.tsx'
import { EditPasskey } from './edit-passkey.tsx'

const words = own.account
const passkeys = createResource(client.readPasskeys)

export function Passkeys() {
  useResource(passkeys)
  const open = useSignal<'add' | Passkey | null>(null)
  const close = () => (open.value = null)
  const changed = async () => {
    await Promise.all([passkeys.load(), checkSession()])
    close()
  }
  const sheet = open.value
  return (
    <Loaded of={passkeys} skeleton={<Skeleton shape="row" />}>
      {({ passkeys: list, possible }) => (
        <>
          <p class="quiet">{words.passkeysLead}</p>
          {list.length > 0 && (
            <ul class="rows">
              {list.map((each) => (
                <li key={each.id}>
                  <OnePasskey passkey={each} onEdit={() => (open.value = each)} />
                </li>
              ))}
            </ul>
          )}
          {possible && passkeysPossible ? (
            <Button icon="plus" onPress={() => (open.value = 'add')}>
              {words.passkeyAdd}
            </Button>
          ) : (
            <Note tone="info">
              <p>{isBareAddress || !possible ? words.passkeysBare : words.passkeysUnknown}</p>
            </Note>
          )}
          {sheet === 'add' && <AddPasskey onDone={changed} onClose={close} />}
          {sheet !== null && sheet !== 'add' && <EditPasskey passkey={sheet} onDone={changed} onClose={close} />}
        </>
      )}
    </Loaded>
  )
}

function OnePasskey({ passkey: { name, host, lastUsedAt }, onEdit }: { passkey: Passkey; onEdit: () => void }) {
  return (
    <>
      <Icon name="passkey" />
      <span class="row-words">
        <span>{name}</span>
        <span class="quiet">
          {words.passkeyOf(host)}
          {' · '}
          {lastUsedAt === null ? words.passkeyNever : <Age at={lastUsedAt} say={words.passkeyUsed} />}
        </span>
      </span>
      <IconButton icon="edit" label={words.passkeyEdit(name)} onPress={onEdit} />
    </>
  )
}
