import { tableStyle } from "../../report-page/report-page.ts";

/** Of a person's pages, besides the style of all pages of the console. */
export const personStyle = `${tableStyle}
.now { display: grid; gap: 1rem 2rem; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); align-items: start; }
.now figure img, .now figure svg { width: 100%; height: auto; aspect-ratio: 1; }
.now h2 { margin-top: 0; }
@media (max-width: 40rem) { .now { grid-template-columns: minmax(0, 1fr); } .now figure { max-width: 18rem; } }
figure img { border: 1px solid var(--line); }
.cards figure img, .cards figure svg { width: 10rem; height: 10rem; }
.outlook { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 0.75rem 0; }
.outlook figure { width: 13rem; max-width: 100%; }
.outlook figure img, .outlook figure svg { width: 100%; height: auto; aspect-ratio: 1; }
.command form { margin-top: 0.5rem; }
.command button { margin-top: 0.75rem; }
.check { display: flex; gap: 0.5rem; align-items: baseline; font-weight: 400; }
.final { color: var(--bad); font-weight: 600; }
`;
