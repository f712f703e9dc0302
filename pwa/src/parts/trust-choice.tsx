import { own } from '../text/account.ts'
import { Check } from './check.tsx'

/** "This is my own phone": a phone that stays signed in while it is used. */
export function TrustChoice({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <div class="checks">
      <Check label={own.trust.label} hint={own.trust.text} checked={on} onChange={onChange} />
    </div>
  )
}
