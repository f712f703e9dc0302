import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { dayName } from '../../../format.ts'
import { Button } from '../../../parts/button.tsx'
import { Icon } from '../../../parts/icon.tsx'
import type { IconName } from '../../../parts/icon.tsx'
import { timeZone } from '../../../state/home.ts'
import { own } from '../../../text/account.ts'
import type { Me } from '../../../wire.ts'
import { ChangePassword } from './change-password.tsx'
import { NewRecoveryCodes } from './new-recovery-codes.tsx'
import { SetUpTotp } from './set-up-totp.tsx'
import { SwitchOffTotp } from './switch-off-totp.tsx'

const words = own.account
type Sheet = 'password' | 'codes' | 'totp' | 'totp-off'

/** Password, authenticator app and recovery codes, each with what can be done about it. */
export function Ways({ known }: { known: Me }) {
  const open = useSignal<Sheet | null>(null)
  const show = (sheet: Sheet) => () => (open.value = sheet)
  const close = () => (open.value = null)
  const { user, hasTotp, passkeys, mustHaveSecondFactor } = known
  // What a role must have stays: the last second factor cannot be switched off.
  const mayRemove = hasTotp && (!mustHaveSecondFactor || passkeys > 0)
  return (
    <>
      <ul class="rows">
        <Way icon="key" title={words.password} state={passwordState(known)}>
          <Button label={words.changeOf} onPress={show('password')}>
            {words.change}
          </Button>
        </Way>
        <Way icon="phone" title={words.totp} state={totpState(known)}>
          <Button label={hasTotp ? words.replaceOf : words.setUpOf} onPress={show('totp')}>
            {hasTotp ? words.replace : words.setUp}
          </Button>
          {mayRemove && (
            <Button look="quiet" label={words.switchOffOf} onPress={show('totp-off')}>
              {words.switchOff}
            </Button>
          )}
        </Way>
        {(hasTotp || passkeys > 0) && (
          <Way icon="shield" title={words.recovery} state={recoveryState(known)}>
            <Button label={words.makeOf} onPress={show('codes')}>
              {words.make}
            </Button>
          </Way>
        )}
      </ul>
      {mustHaveSecondFactor && <p class="quiet">{words.must}</p>}
      {open.value === 'password' && <ChangePassword username={user.username} onClose={close} />}
      {open.value === 'codes' && <NewRecoveryCodes hasTotp={hasTotp} onClose={close} />}
      {open.value === 'totp' && <SetUpTotp replaces={hasTotp} onClose={close} />}
      {open.value === 'totp-off' && <SwitchOffTotp onClose={close} />}
    </>
  )
}

function Way(props: { icon: IconName; title: string; state: string; children: ComponentChildren }) {
  return (
    <li class="way">
      <Icon name={props.icon} />
      <span class="row-words">
        <span>{props.title}</span>
        <span class="quiet">{props.state}</span>
      </span>
      <span class="row-actions">{props.children}</span>
    </li>
  )
}

function passwordState({ passwordExpiresAt }: Me): string {
  if (passwordExpiresAt === null) return words.passwordAny
  return words.passwordUntil(dayName(passwordExpiresAt, Date.now(), timeZone.value))
}

function totpState({ hasTotp, passkeys }: Me): string {
  if (hasTotp) return words.totpOn
  return passkeys > 0 ? words.totpOffPasskey : words.totpOff
}

const recoveryState = ({ recoveryCodesLeft: left }: Me): string => (left === 0 ? words.noneLeft : words.left(left))
