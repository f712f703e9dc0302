// WARNING: this is the first load, which has a budget of 60 KB. Pages come lazily, from app.tsx.
import { render } from 'preact'
import './styles/index.css'
import { App } from './app.tsx'
import { watchInstallOffer } from './state/install.ts'

watchInstallOffer()
const root = document.getElementById('app')
if (root) render(<App />, root)
