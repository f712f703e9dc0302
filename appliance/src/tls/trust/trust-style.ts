/** The whole style of the trust page: it must work before anything else of the app can be loaded. */
export const TRUST_STYLE = `
:root{color-scheme:light dark;--paper:light-dark(#faf6f0,#171210);--card:light-dark(#fffdfa,#211a16);--ink:light-dark(#2a201a,#f4eae1);
--soft:light-dark(#65564b,#b9a898);--line:light-dark(#e8ddd1,#3a2f28);--ember:light-dark(#ad3f0b,#ff9a5c);--on-ember:light-dark(#fff,#2b1104);
--good:light-dark(#24673a,#8fd6a5);--good-soft:light-dark(#e5f3e9,#18301f)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
padding:24px max(16px,env(safe-area-inset-left)) 48px}
main{max-width:560px;margin:0 auto;display:grid;gap:20px}
header{padding:8px 4px 0}
svg.mark{display:block;width:44px;height:44px;margin-bottom:12px}
h1{font-size:28px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:17px;line-height:1.3;margin:0 0 8px}
p{margin:0 0 12px;text-wrap:pretty}
p:last-child{margin-bottom:0}
.soft{color:var(--soft);font-size:15px}
.card{background:var(--card);border:1px solid var(--line);border-radius:20px;padding:20px;box-shadow:0 1px 2px rgb(60 30 10/.05)}
.button{display:flex;align-items:center;justify-content:center;min-height:52px;padding:12px 20px;border-radius:12px;background:var(--ember);
color:var(--on-ember);font:inherit;font-weight:600;text-decoration:none;text-align:center;border:0;width:100%}
.button.quiet{background:none;color:var(--ember);border:1px solid var(--line)}
.button:active{transform:scale(.985)}
a,summary{color:var(--ember)}
:focus-visible{outline:3px solid var(--ember);outline-offset:2px}
details{border-top:1px solid var(--line)}
details:first-of-type{border-top:0}
details[open] summary{margin-bottom:8px}
summary{padding:14px 0;min-height:48px;font-weight:600;cursor:pointer}
details>div{padding-bottom:20px}
ol{margin:0 0 16px;padding-left:1.4em}
li{margin-bottom:10px;padding-left:4px}
li::marker{color:var(--soft);font-variant-numeric:tabular-nums}
code{font:15px/1.7 ui-monospace,"SF Mono",Menlo,Consolas,monospace;letter-spacing:.02em}
.print{display:grid;grid-template-columns:repeat(auto-fill,minmax(64px,1fr));gap:0 12px;margin:8px 0 0;padding:0;list-style:none}
.print li{margin:0;padding:0}
.status{display:flex;gap:12px;align-items:center;border-radius:12px;padding:14px 16px;border:1px solid var(--line);margin-bottom:16px}
.status[data-state=yes]{background:var(--good-soft);border-color:transparent;color:var(--good);font-weight:600}
.status b{font-size:20px;line-height:1;width:1.2em;text-align:center}
.qr{display:block;width:180px;max-width:60%;margin:12px auto 4px;border-radius:12px;background:#fff;padding:8px}
.qr svg{display:block;width:100%;height:auto}
.stack{display:grid;gap:12px}
.check{display:block;width:100%;max-width:340px;min-height:76px;margin-bottom:16px}
.plain{list-style:none;padding:0;margin:0}
.plain li{padding:0;overflow-wrap:anywhere}
[hidden]{display:none}
@media (prefers-reduced-motion:no-preference){.button{transition:transform .15s}}
`
