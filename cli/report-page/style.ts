/** The whole style of a report's page. Its colours have a contrast of 4.5 or more, in light and in dark. */
export const style = `
:root {
  color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --ground: #f3f5f8; --card: #fff; --ink: #1b2430; --soft: #4c5a6b; --line: #cfd7e1;
  --accent: #1f4fa3; --bad: #a3161f; --note: #fdf3d7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171e; --card: #1c232d; --ink: #e8edf3; --soft: #aab6c4; --line: #3a4656;
    --accent: #9cc0ff; --bad: #ff9ea3; --note: #3a3116;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
header, main { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 0; }
p { margin: 0.4rem 0; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: 0.85em/1.5 ui-monospace, monospace; }
.hint { color: var(--soft); font-size: 0.9rem; }
.note { background: var(--note); border-radius: 0.4rem; padding: 0.3rem 0.6rem; }
.bad { border-left: 0.3rem solid var(--bad); padding-left: 0.6rem; color: var(--bad); }
.card, .table { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
.card { padding: 1rem; min-width: 0; }
.cards { display: grid; gap: 1rem; align-items: start; grid-template-columns: repeat(auto-fill, minmax(min(20.5rem, 100%), 1fr)); padding: 0; margin: 0; list-style: none; }
.cards.small { grid-template-columns: repeat(auto-fill, minmax(min(10rem, 100%), 1fr)); }
.card ul { margin: 0.4rem 0 0; padding-left: 1.1rem; }
.space { margin-bottom: 1rem; }
.table { overflow-x: auto; overflow-wrap: normal; padding: 0.25rem 0.75rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding: 0.4rem 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.25rem; }
th + th, td + td, th + td { padding-left: 1rem; }
tbody tr { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
.text { min-width: 14rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: block; width: 100%; min-width: 4rem; height: 0.5rem; margin-top: 0.5rem; fill: var(--accent); }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; margin: 0.75rem 0 0.25rem; }
figure { margin: 0; min-width: 0; }
figure img, figure svg { display: block; width: 6.5rem; height: 6.5rem; border-radius: 0.5rem; object-fit: cover; }
figcaption { font-size: 0.85rem; line-height: 1.35; margin-top: 0.4rem; }
figcaption span { display: block; color: var(--soft); }
@media print { body { background: none; } .card, .table { break-inside: avoid; } }
`;
