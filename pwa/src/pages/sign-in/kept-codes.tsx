import { Button } from '../../parts/button.tsx'
import { RecoveryCodes } from '../../parts/recovery-codes.tsx'
import { own } from '../../text/account.ts'

/** Recovery codes, shown once; the way on leads through "I have kept them". */
export default function KeptCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <div class="form">
      <RecoveryCodes codes={codes} />
      <Button look="main" wide onPress={onKept}>
        {own.signIn.kept}
      </Button>
    </div>
  )
}
