/** Of the queue's page alone. A card has its size before its picture comes. */
export const queueStyle = `
html { scroll-padding: 1rem 0 5rem; }
.judging { display: grid; gap: 1rem; align-items: start; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); margin: 1rem 0; }
.judged { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; min-width: 0; overflow: hidden; }
.judged:focus { outline: 4px solid var(--accent); outline-offset: 2px; }
.judged:has(.pick input:checked) { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
.frame { position: relative; aspect-ratio: 1; background: var(--ground); display: grid; place-items: center; }
.frame img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.pick { position: absolute; inset: 0.5rem auto auto 0.5rem; margin: 0; padding: 0.25rem 0.6rem; border-radius: 0.4rem; background: var(--card); color: var(--ink); }
.pick[hidden] { display: none; }
.about { padding: 0.6rem 0.75rem 0.75rem; }
.about h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
.about p { margin: 0.2rem 0 0; }
.judgement { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-top: 0.5rem; }
.judgement details[open] { flex-basis: 100%; }
.judgement summary { color: var(--bad); cursor: pointer; padding: 0.4rem 0.5rem; }
.blocking button { margin-top: 0.5rem; }
.outcome { min-height: 1.5em; font-size: 0.9rem; font-weight: 600; overflow-wrap: anywhere; }
[data-state="pending"] .frame img { opacity: 0.6; }
[data-state="done"] .frame img, [data-state="settled"] .frame img { opacity: 0.3; }
[data-state="refused"], [data-note="changed"] { border-color: var(--bad); }
[data-state="refused"] .outcome, [data-note="changed"] .outcome { color: var(--bad); }
.bar { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; padding: 0.5rem 0.75rem; margin: 0 -0.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem 0.75rem 0 0; min-height: 3.5rem; }
.bar p { margin: 0; }
#said { flex: 1 1 14rem; overflow-wrap: anywhere; }
dialog { color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem; width: min(34rem, calc(100vw - 2rem)); }
dialog h2 { margin-top: 0; }
dialog form { margin-top: 1rem; }
dialog .row { margin-top: 0.75rem; }
.reasons { display: grid; gap: 0.4rem; }
.reasons button { width: 100%; text-align: start; }
.choice { font-weight: 400; margin-top: 1rem; }
kbd { font: 0.85em ui-monospace, monospace; border: 1px solid var(--soft); border-radius: 0.25rem; padding: 0.05rem 0.35rem; }
`;
