import { own } from '../text/account.ts'
import type { TotpEnrolment } from '../wire.ts'
import { Button, ButtonLink } from './button.tsx'
import { copyText } from './copy.ts'
import { Field } from './field.tsx'
import { Qr } from './qr.tsx'

const words = own.enrol

export interface EnrolmentFieldsProps {
  enrolment: Pick<TotpEnrolment, 'totpSecret' | 'totpUri'>
  code: string
  onCode: (code: string) => void
}

/** A new second factor: the picture to scan, the key to type where there is no camera, and the first code. */
export function EnrolmentFields({ enrolment: { totpSecret, totpUri }, code, onCode }: EnrolmentFieldsProps) {
  return (
    <>
      <Qr text={totpUri} label={words.qr} />
      <ButtonLink href={totpUri} look="plain" icon="phone" wide>
        {words.open}
      </ButtonLink>
      <details class="fold">
        <summary>{words.manual}</summary>
        <p class="secret">{inGroups(totpSecret)}</p>
        <Button icon="copy" onPress={() => void copyText(totpSecret)}>
          {words.copyKey}
        </Button>
      </details>
      <Field
        code
        label={words.code}
        value={code}
        maxLength={7}
        inputMode="numeric"
        autocomplete="one-time-code"
        onInput={onCode}
      />
    </>
  )
}

function inGroups(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}
