/** Besides the style that all pages share. Nothing changes its size when a picture comes. */
export const consoleStyle = `
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; align-items: baseline; justify-content: space-between; margin: 0.5rem 0 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
nav p { margin: 0; }
nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration-thickness: 0.15em; }
ul, ol { padding: 0; list-style: none; margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
button, .button {
  font: inherit; padding: 0.4rem 0.9rem; border: 1px solid var(--accent); border-radius: 0.4rem; background: transparent;
  color: var(--accent); cursor: pointer; text-decoration: none; display: inline-block;
}
button.main { background: var(--accent); color: var(--on-accent); font-weight: 600; }
button.danger { border-color: var(--bad); color: var(--bad); }
button:disabled { opacity: 0.6; cursor: default; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
label { display: block; font-weight: 600; font-size: 0.9rem; margin-top: 0.5rem; }
input[type="text"], input[type="url"], input[type="search"], input[type="file"], select, textarea {
  width: 100%; font: inherit; padding: 0.4rem 0.5rem; margin-top: 0.2rem; color: inherit; background: var(--card);
  border: 1px solid var(--soft); border-radius: 0.4rem;
}
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.3rem 1rem; margin: 0.5rem 0 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 0.4rem; }
}
`;
