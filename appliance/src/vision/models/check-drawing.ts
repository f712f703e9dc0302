/**
 * A street with a person and a car, drawn for this purpose: every model that is worth anything finds both (CenterNet 0.34
 * and 0.28, YOLOX-Nano 0.92 and 0.73, NanoDet 0.74 and 0.58), and it belongs to nobody else.
 */
export const CHECK_DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="416" viewBox="0 0 640 416">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#9db8d6"/><stop offset="1" stop-color="#d9e2ea"/></linearGradient>
<linearGradient id="road" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8b8b89"/><stop offset="1" stop-color="#6a6a69"/></linearGradient>
<linearGradient id="body" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#d8433b"/><stop offset=".5" stop-color="#b3231d"/><stop offset="1" stop-color="#6d120f"/></linearGradient>
<linearGradient id="glass" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#b8cbd8"/><stop offset="1" stop-color="#3b4954"/></linearGradient>
<linearGradient id="coat" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#1d2b45"/><stop offset=".45" stop-color="#3d5685"/><stop offset="1" stop-color="#182338"/></linearGradient>
<linearGradient id="jeans" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#22272e"/><stop offset=".5" stop-color="#4c5663"/><stop offset="1" stop-color="#1d2127"/></linearGradient>
<radialGradient id="skin" cx=".42" cy=".4" r=".7"><stop offset="0" stop-color="#efc6a4"/><stop offset="1" stop-color="#a06d4b"/></radialGradient></defs>
<rect width="640" height="250" fill="url(#sky)"/><rect y="120" width="640" height="130" fill="#74805f"/><rect y="235" width="640" height="181" fill="url(#road)"/><rect y="235" width="640" height="10" fill="#a9a9a5"/>
<ellipse cx="410" cy="348" rx="190" ry="12" fill="#2a2a2a" opacity=".6"/>
<path d="M228 318 Q226 284 250 276 L298 268 Q330 226 362 222 L462 222 Q496 226 522 266 L572 276 Q592 284 592 318 L590 330 L232 330 Z" fill="url(#body)"/>
<path d="M312 268 Q338 234 364 231 L404 231 L404 268 Z M412 231 L458 231 Q484 236 504 268 L412 268 Z" fill="url(#glass)"/>
<path d="M408 270 L408 326 M310 272 L312 326" stroke="#7c1410" stroke-width="2"/><rect x="382" y="280" width="16" height="4" fill="#eee"/><rect x="480" y="280" width="16" height="4" fill="#eee"/>
<ellipse cx="244" cy="292" rx="9" ry="7" fill="#ffe9b0"/><rect x="578" y="284" width="12" height="14" fill="#ff6a4d"/><rect x="232" y="322" width="360" height="9" fill="#26262a"/>
<g><circle cx="300" cy="328" r="29" fill="#17171a"/><circle cx="300" cy="328" r="17" fill="#b9bdc2"/><circle cx="300" cy="328" r="6" fill="#55585c"/><circle cx="522" cy="328" r="29" fill="#17171a"/><circle cx="522" cy="328" r="17" fill="#b9bdc2"/><circle cx="522" cy="328" r="6" fill="#55585c"/></g>
<ellipse cx="120" cy="392" rx="52" ry="8" fill="#2a2a2a" opacity=".6"/>
<path d="M98 250 L88 380 L110 382 L121 286 L130 382 L152 380 L144 250 Z" fill="url(#jeans)"/>
<path d="M84 378 L111 380 L110 392 L76 392 Z M129 380 L154 378 L162 392 L130 392 Z" fill="#1b1714"/>
<path d="M88 150 Q80 154 76 172 L66 240 Q64 252 74 252 L80 248 L90 196 Z M150 150 Q160 154 164 172 L174 240 Q176 252 166 252 L160 248 L150 196 Z" fill="url(#coat)"/>
<ellipse cx="71" cy="256" rx="7" ry="9" fill="url(#skin)"/><ellipse cx="169" cy="256" rx="7" ry="9" fill="url(#skin)"/>
<path d="M88 150 Q104 140 120 140 Q138 140 152 150 L154 262 Q120 270 86 262 Z" fill="url(#coat)"/><path d="M120 142 L120 264" stroke="#111a2b" stroke-width="2"/>
<rect x="111" y="122" width="18" height="22" fill="#b98762"/><ellipse cx="120" cy="106" rx="19" ry="24" fill="url(#skin)"/>
<path d="M100 104 Q98 78 120 78 Q142 78 140 104 Q138 90 120 90 Q103 90 100 104 Z" fill="#2a1d14"/>
<ellipse cx="112" cy="106" rx="2.5" ry="1.8" fill="#20140d"/><ellipse cx="128" cy="106" rx="2.5" ry="1.8" fill="#20140d"/><path d="M113 119 Q120 123 127 119" stroke="#7c3f30" stroke-width="2" fill="none"/><path d="M120 107 L117 114 L121 115" stroke="#9a6a4b" stroke-width="1.5" fill="none"/>
</svg>`
