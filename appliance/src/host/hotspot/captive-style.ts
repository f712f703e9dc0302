import { createHash } from 'node:crypto'

/** The look of the app, small enough to be in the page. Light and dark as the phone has it. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f4efe8;--card:#fffcf8;--ink:#271e19;--quiet:#665850;--line:#ddd2c4;--edge:#8a7a6b;--accent:#b5420f;--on-accent:#fffaf5;--warn:#a3211f;--warn-paper:#fbdfdb}
@media (prefers-color-scheme:dark){:root{--paper:#171210;--card:#221b17;--ink:#f5ece3;--quiet:#b9a99c;--line:#3b2f28;--edge:#8d7b6e;--accent:#ff8f4f;--on-accent:#2a1104;--warn:#ff9b93;--warn-paper:#451f1d}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px 40px;background:var(--paper);color:var(--ink);font:17px/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px}
p{margin:0 0 16px}
.quiet{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--line);border-radius:20px;padding:16px;margin:0 0 16px}
.problem{background:var(--warn-paper);color:var(--warn);border-radius:12px;padding:12px 16px;margin:0 0 16px}
.problem p:last-child{margin:0}
fieldset{border:0;margin:0 0 16px;padding:0;min-width:0}
legend,.label{display:block;font-weight:600;padding:0;margin:0 0 4px}
.network{display:flex;gap:12px;align-items:center;min-height:48px;padding:6px 0;border-top:1px solid var(--line)}
.network:first-of-type{border-top:0}
.network input{flex:none;width:22px;height:22px;margin:0;accent-color:var(--accent)}
.network .words{flex:1;min-width:0;overflow-wrap:anywhere}
.network .quiet{display:block;font-size:.875rem}
input[type=text],select{width:100%;min-height:48px;padding:8px 12px;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--edge);border-radius:12px}
.field{margin:0 0 16px}
.field .quiet{font-size:.875rem;margin:4px 0 0}
button{width:100%;min-height:52px;font:inherit;font-weight:600;border:0;border-radius:12px;background:var(--accent);color:var(--on-accent)}
button.second{background:none;color:inherit;border:1px solid var(--edge)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ol{margin:0;padding:0 0 0 1.25rem}
li{margin:0 0 8px}
`

/** For the page's policy: this style and no other. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
