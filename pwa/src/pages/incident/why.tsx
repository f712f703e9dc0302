import { useSignal } from '@preact/signals'
import { asClientError } from '../../client-error.ts'
import type { ClientError } from '../../client-error.ts'
import { readPrompt } from '../../client-risk.ts'
import { Section } from '../../parts/page.tsx'
import { RiskBadge } from '../../parts/risk-badge.tsx'
import { ErrorNote, Note, Skeleton } from '../../parts/states.tsx'
import { may } from '../../state/session.ts'
import { risk as riskWords } from '../../text/risk.ts'
import type { IncidentDetail } from '../../wire.ts'
import type { Assessment, LanguageOpinion, PromptReply } from '../../wire-risk.ts'
import { Visit } from './visit.tsx'
import './why.css'

const words = riskWords.why

/** How bad it is, whether it is real, every reason, and who said so. */
export function Why({ incident }: { incident: IncidentDetail }) {
  const { risk, verdict, assessment } = incident
  return (
    <>
      <Section title={words.title}>
        <div class="why-head">
          <RiskBadge risk={risk} />
          {risk && <span>{words.score(risk.score)}</span>}
        </div>
        <p>{words.verdicts[verdict]}</p>
        {!risk && <p class="quiet">{words.noScore}</p>}
        {assessment && <Reasons assessment={assessment} />}
        {assessment && <Language id={incident.id} language={assessment.language} />}
      </Section>
      <Visit incident={incident} />
    </>
  )
}

function Reasons({ assessment: { factors, by, language } }: { assessment: Assessment }) {
  const judges = by === 'language' ? words.byLanguage(language.model ?? words.aModel) : words.byRules
  return (
    <>
      {factors.length > 0 && (
        <ul class="reasons" aria-label={words.reasons}>
          {factors.map(({ code, words: reason, points }) => (
            <li key={code}>
              <span>{reason}</span>
              <span class="points">{words.points(points)}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">
        {judges}
        {language.state === 'waiting' && ` ${words.waiting}`}
      </p>
    </>
  )
}

function Language({ id, language }: { id: string; language: LanguageOpinion }) {
  const { state, problem, summary, model, latencyMs, tokensIn, tokensOut, promptVersion, pictureSent } = language
  return (
    <>
      {state === 'failed' && (
        <Note tone="info" title={words.failed}>
          {problem && <p class="quiet">{problem}</p>}
        </Note>
      )}
      {state === 'answered' && (
        <details class="fold">
          <summary>{words.says}</summary>
          {summary && <p>{summary}</p>}
          <dl class="facts">
            <Fact name={words.facts.model} value={model ?? words.aModel} />
            <Fact name={words.facts.took} value={words.facts.seconds(((latencyMs ?? 0) / 1_000).toFixed(1))} />
            <Fact name={words.facts.tokens} value={words.tokens(tokensIn, tokensOut)} />
            <Fact name={words.facts.prompt} value={`${promptVersion ?? '–'}, ${words.picture(pictureSent)}`} />
          </dl>
        </details>
      )}
      {promptVersion !== null && may('system.view') && <Prompt id={id} />}
    </>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Read only when somebody opens it. */
function Prompt({ id }: { id: string }) {
  const prompt = useSignal<PromptReply | null>(null)
  const failure = useSignal<ClientError | null>(null)
  const load = async () => {
    failure.value = null
    try {
      prompt.value = await readPrompt(id)
    } catch (error) {
      failure.value = asClientError(error)
    }
  }
  return (
    <details
      class="fold"
      onToggle={(event) => {
        if (event.currentTarget.open && !prompt.value) void load()
      }}
    >
      <summary>{words.prompt}</summary>
      {failure.value && <ErrorNote error={failure.value} onRetry={() => void load()} />}
      {!prompt.value && !failure.value && <Skeleton shape="line" count={3} />}
      {prompt.value && (
        <>
          <pre class="prompt">{prompt.value.text}</pre>
          <p class="quiet">{words.system}</p>
          <pre class="prompt">{prompt.value.system}</pre>
        </>
      )}
    </details>
  )
}
