// What a part shows when it has nothing to show yet: loading, empty, failed.
import type { ComponentChildren } from 'preact'
import type { ClientError } from '../client-error.ts'
import type { Resource } from '../state/resource.ts'
import { t } from '../text/index.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

/** Gray shapes where things will be. */
export function Skeleton({ shape, count = 1 }: { shape: 'row' | 'card' | 'picture' | 'line'; count?: number }) {
  return (
    <div class={`skeletons is-${shape}`} role="status" aria-label={t.shell.loading}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class={`skeleton is-${shape}`} />
      ))}
    </div>
  )
}

export function Empty({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName
  title: string
  text: string
  children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}

/** What happened, what is kept, what to do; the code only under "Details". */
export function ErrorNote({ error, onRetry }: { error: ClientError; onRetry?: () => void }) {
  return (
    <div class="note is-problem" role="alert">
      <Icon name="alert" />
      <div class="note-words">
        <p class="note-title">{error.message}</p>
        <p>
          {error.kept} {error.remedy}
        </p>
        <details>
          <summary>{t.shell.details}</summary>
          <pre>{error.details}</pre>
        </details>
        {onRetry && <Button onPress={onRetry}>{t.shell.retry}</Button>}
      </div>
    </div>
  )
}

export function Note({
  tone,
  title,
  children,
}: {
  tone: 'info' | 'good' | 'warning' | 'problem'
  title?: string
  children?: ComponentChildren
}) {
  const icon = tone === 'good' ? 'check' : tone === 'info' ? 'info' : 'alert'
  return (
    <div class={`note is-${tone}`}>
      <Icon name={icon} />
      <div class="note-words">
        {title && <p class="note-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

export interface LoadedProps<T> {
  of: Pick<Resource<T>, 'data' | 'error' | 'load'>
  skeleton: ComponentChildren
  children: (data: T) => ComponentChildren
}

/** Shows what was read; meanwhile its skeleton; on failure the error, above what was known before. */
export function Loaded<T>({ of, skeleton, children }: LoadedProps<T>) {
  const data = of.data.value
  const error = of.error.value
  return (
    <>
      {error && <ErrorNote error={error} onRetry={() => void of.load()} />}
      {data !== null ? children(data) : !error && skeleton}
    </>
  )
}
