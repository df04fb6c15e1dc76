/** The style that all pages share. Its colours have a contrast of 4.5 or more, in light and in dark. */
export const baseStyle = `
:root {
  color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --ground: #f3f5f8; --card: #fff; --ink: #1b2430; --soft: #4c5a6b; --line: #cfd7e1;
  --accent: #1f4fa3; --on-accent: #fff; --bad: #a3161f; --note: #fdf3d7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171e; --card: #1c232d; --ink: #e8edf3; --soft: #aab6c4; --line: #3a4656;
    --accent: #9cc0ff; --on-accent: #10203c; --bad: #ff9ea3; --note: #3a3116;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
header, main { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 0; }
p { margin: 0.4rem 0; }
a, summary { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: 0.85em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.hint { color: var(--soft); font-size: 0.9rem; }
.note { background: var(--note); border-radius: 0.4rem; padding: 0.3rem 0.6rem; font-size: 0.9rem; }
.error { border-left: 0.3rem solid var(--bad); padding-left: 0.6rem; color: var(--bad); }
.cards { display: grid; gap: 1rem; align-items: start; grid-template-columns: repeat(auto-fill, minmax(min(20.5rem, 100%), 1fr)); padding: 0; margin: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem; min-width: 0; }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; margin: 0.75rem 0 0.25rem; }
figure { margin: 0; min-width: 0; }
figure img, figure svg { display: block; width: 6.5rem; height: 6.5rem; border-radius: 0.5rem; object-fit: cover; }
figcaption { font-size: 0.85rem; line-height: 1.35; margin-top: 0.4rem; }
figcaption span { display: block; color: var(--soft); }
`;
