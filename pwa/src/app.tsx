import { ErrorBoundary, LocationProvider, Route, Router, lazy, useLocation } from 'preact-iso'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Banner } from './parts/banner.tsx'
import { Navigation } from './parts/navigation.tsx'
import { ErrorNote, Skeleton } from './parts/states.tsx'
import { Toasts } from './parts/toasts.tsx'
import { hasFence } from './state/fence-rules.ts'
import { home } from './state/home.ts'
import { checkSession, session, startSession } from './state/session.ts'
import type { SessionState } from './state/session.ts'
import { idleWarning } from './state/session-life.ts'
import { sudoAsked } from './state/sudo.ts'
import { loadUnreviewed } from './state/unreviewed.ts'
import { startWorker } from './state/worker.ts'
import { t } from './text/index.ts'

const loadNow = () => import('./pages/now/now.tsx')
const Now = lazy(loadNow)
const Incidents = lazy(() => import('./pages/incidents/incidents.tsx'))
const Heat = lazy(() => import('./pages/heat/heat.tsx'))
const Learned = lazy(() => import('./pages/learned/learned.tsx'))
const Incident = lazy(() => import('./pages/incident/incident.tsx'))
const Cameras = lazy(() => import('./pages/cameras/cameras.tsx'))
const AddCamera = lazy(() => import('./pages/add-camera/add-camera.tsx'))
const SendingCamera = lazy(() => import('./pages/add-camera/sending-camera.tsx'))
const Camera = lazy(() => import('./pages/camera/camera.tsx'))
const Zones = lazy(() => import('./pages/zones/zones.tsx'))
const Plugs = lazy(() => import('./pages/plugs/plugs.tsx'))
const Plug = lazy(() => import('./pages/plug/plug.tsx'))
const AddPlugs = lazy(() => import('./pages/add-plugs/add-plugs.tsx'))
const PlugAccounts = lazy(() => import('./pages/plug-accounts/plug-accounts.tsx'))
const Arrange = lazy(() => import('./pages/arrange/arrange.tsx'))
const More = lazy(() => import('./pages/more/more.tsx'))
const Channels = lazy(() => import('./pages/alerts/channels.tsx'))
const History = lazy(() => import('./pages/alerts/history.tsx'))
const Invite = lazy(() => import('./pages/invite/invite.tsx'))
const IdleWarning = lazy(() => import('./parts/idle-warning.tsx'))
const SudoSheet = lazy(() => import('./parts/sudo-sheet.tsx'))
const Person = lazy(() => import('./pages/people/person.tsx'))
const SignIn = lazy(() => import('./pages/sign-in/sign-in.tsx'))
const Setup = lazy(() => import('./pages/setup/setup.tsx'))
const NotFound = lazy(() => import('./pages/not-found.tsx'))

// The first place is fetched while the box is still asked who this is.
if (location.pathname === '/') void loadNow().catch(() => undefined)

export function App() {
  return (
    <LocationProvider>
      <Shell />
    </LocationProvider>
  )
}

function Shell() {
  const { path, url, route } = useLocation()
  const state = session.value
  useEffect(() => {
    startWorker((to) => route(to))
    startSession()
  }, [])
  useEffect(() => {
    const to = redirection(state, path, url)
    if (to) route(to, true)
  }, [state.status, path])
  useEffect(() => {
    if (state.status !== 'signed-in') return
    void home.load()
    loadUnreviewed()
    if (hasFence()) void import('./state/fence.ts').then(({ watchFence }) => watchFence())
  }, [state.status])
  const bare = isBare(path)
  return (
    <div class={bare ? 'shell is-bare' : 'shell'}>
      <a class="skip" href="#main">
        {t.shell.skip}
      </a>
      {!bare && <Navigation path={path} />}
      <main id="main" tabIndex={-1}>
        <Banner />
        <Gate state={state} bare={bare}>
          <Pages />
        </Gate>
      </main>
      <ErrorBoundary>
        {sudoAsked.value && <SudoSheet />}
        {idleWarning.value !== null && <IdleWarning />}
      </ErrorBoundary>
      <Toasts />
    </div>
  )
}

/** Pages of one who is signed in wait until that is known. */
function Gate({ state, bare, children }: { state: SessionState; bare: boolean; children: ComponentChildren }) {
  if (bare || state.status === 'signed-in') return <>{children}</>
  return (
    <div class="page">
      {state.status === 'unreachable' ? (
        <ErrorNote error={state.error} onRetry={() => void checkSession()} />
      ) : (
        <Skeleton shape="card" count={3} />
      )}
    </div>
  )
}

function Pages() {
  return (
    <Router>
      <Route path="/" component={Now} />
      <Route path="/incidents" component={Incidents} />
      <Route path="/incidents/heat" component={Heat} />
      <Route path="/incidents/learned" component={Learned} />
      <Route path="/incidents/:id" component={Incident} />
      <Route path="/cameras" component={Cameras} />
      <Route path="/cameras/add" component={AddCamera} />
      <Route path="/cameras/send" component={SendingCamera} />
      <Route path="/cameras/:id" component={Camera} />
      <Route path="/cameras/:id/zones" component={Zones} />
      <Route path="/plugs" component={Plugs} />
      <Route path="/plugs/add" component={AddPlugs} />
      <Route path="/plugs/accounts" component={PlugAccounts} />
      <Route path="/plugs/arrange" component={Arrange} />
      <Route path="/plugs/:id" component={Plug} />
      <Route path="/alerts/channels" component={Channels} />
      <Route path="/alerts/history" component={History} />
      <Route path="/more/people/:id" component={Person} />
      <Route path="/more/:place?" component={More} />
      <Route path="/sign-in" component={SignIn} />
      <Route path="/invite" component={Invite} />
      <Route path="/setup/:step?" component={Setup} />
      <Route default component={NotFound} />
    </Router>
  )
}

/** Sign-in, setup and invitations stand alone, without the five places. */
function isBare(path: string): boolean {
  return path === '/sign-in' || path === '/invite' || path === '/setup' || path.startsWith('/setup/')
}

/** Where the state of the session sends us; null to stay. */
function redirection(state: SessionState, path: string, url: string): string | null {
  if (state.status === 'setup' && !path.startsWith('/setup')) return '/setup'
  if (state.status === 'signed-out' && !isBare(path)) return `/sign-in?to=${encodeURIComponent(url)}`
  return null
}
