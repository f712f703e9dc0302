import { ErrorBoundary, lazy } from 'preact-iso'
import { CodeField } from '../../parts/code-field.tsx'
import { Field } from '../../parts/field.tsx'
import { own } from '../../text/account.ts'
import type { Asked, Draft, Step } from './steps.ts'

const words = own.signIn
const PasswordField = lazy(() => import('../../parts/password-field.tsx').then((part) => part.PasswordField))
const EnrolmentFields = lazy(() => import('../../parts/enrolment.tsx').then((part) => part.EnrolmentFields))

interface FieldsProps {
  step: Step
  draft: Draft
  asked: Asked
  onChange: (part: Partial<Draft>) => void
}

export function Fields({ step, draft, asked, onChange }: FieldsProps) {
  switch (step) {
    case 'password':
      return (
        <>
          <Field
            label={words.username}
            value={draft.username}
            onInput={(username) => onChange({ username })}
            autocomplete="username webauthn"
          />
          <Field
            label={words.password}
            type="password"
            value={draft.password}
            onInput={(password) => onChange({ password })}
            autocomplete="current-password"
          />
        </>
      )
    case 'code':
    case 'recovery':
      return (
        <CodeField
          autoFocus
          recovery={step === 'recovery'}
          label={step === 'recovery' ? words.recoveryCode : words.code}
          value={draft.code}
          onInput={(code) => onChange({ code })}
        />
      )
    case 'expired':
      return (
        <ErrorBoundary>
          <PasswordField
            label={words.newPassword}
            value={draft.newPassword}
            username={draft.username}
            error={undefined}
            onInput={(newPassword: string) => onChange({ newPassword })}
          />
        </ErrorBoundary>
      )
    case 'enrol':
      return (
        asked.enrolment && (
          <ErrorBoundary>
            <EnrolmentFields
              enrolment={asked.enrolment}
              code={draft.code}
              onCode={(code: string) => onChange({ code })}
            />
          </ErrorBoundary>
        )
      )
    case 'passkey':
    case 'codes':
      return null
  }
}
