import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { home } from '../state/home.ts'
import { t } from '../text/index.ts'
import { Icon } from './icon.tsx'

/** The first page after loading leaves the focus where the browser puts it; later ones move it to their heading. */
let arrived = false

export interface PageProps {
  title: string
  /** What the heading says when it is more than the title. */
  heading?: ComponentChildren
  /** Where the back link leads; left out on the five places. */
  back?: { href: string; label: string }
  actions?: ComponentChildren
  class?: string
  children: ComponentChildren
}

/** A page: sets the document's title, gives the heading the focus on arrival, begins at the top. */
export function Page({ title, heading, back, actions, class: name, children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null)
  const homeName = home.data.value?.homeName ?? t.shell.product
  useEffect(() => {
    document.title = `${title} · ${homeName}`
  }, [title, homeName])
  useEffect(() => {
    if (arrived) ref.current?.focus({ preventScroll: true })
    arrived = true
    scrollTo(0, 0)
  }, [])
  return (
    <div class={`page ${name ?? ''}`}>
      <header class="page-head">
        {back && (
          <a class="back" href={back.href} aria-label={`${t.shell.back}: ${back.label}`}>
            <Icon name="back" />
            <span>{back.label}</span>
          </a>
        )}
        <h1 ref={ref} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Section({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ComponentChildren
  children: ComponentChildren
}) {
  return (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
