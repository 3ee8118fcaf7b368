// SPDX-License-Identifier: MIT

/** The style of a certificate's page: no font and no image from elsewhere, made to be printed too. */
export const PAGE_STYLE = `
:root { color-scheme: light; --good: #17603b; --bad: #a11; --warn: #8a5a00; --line: #c9ced6; --soft: #f3f5f8; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 56rem; color: #1b1f24; background: #fff;
  font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 1rem; font-weight: normal; }
h1 strong { display: block; font-size: 2.4rem; line-height: 1.2; letter-spacing: .02em; }
.passed strong { color: var(--good); } .failed strong { color: var(--bad); }
.incomplete strong, .not-comparable strong { color: var(--warn); }
h2 { margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; }
p { margin: .5rem 0; } ul { margin: .5rem 0; padding-left: 1.3rem; } li { margin: .25rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { color: #555d66; } dd { margin: 0; overflow-wrap: anywhere; }
code, td.hash { font: .85em/1.4 ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; } th { font-weight: 600; } td.name { min-width: 8rem; } td.word { white-space: nowrap; }
td.hash { min-width: 11rem; }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2rem; }
.status-failed { color: var(--bad); } .status-verified { color: var(--good); }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere;
  font: .85rem/1.4 ui-monospace, "Liberation Mono", monospace; }
svg.chain { display: block; } svg.chain text { font-size: 14px; fill: #1b1f24; }
svg .blocks { fill: #dfe4ea; stroke: #8a94a0; } svg .anchored { fill: #7fbf9b; stroke: var(--good); }
svg .outside { stroke: #8a94a0; stroke-dasharray: 4 4; } svg .failed { stroke: var(--bad); stroke-width: 3; }
svg .anchor { fill: #1d4f91; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .88rem; color: #555d66; }
.key { display: inline-block; width: .9em; height: .9em; margin-right: .2em; border: 1px solid #8a94a0; vertical-align: -.1em; }
.key.anchored { background: #7fbf9b; } .key.blocks { background: #dfe4ea; }
.key.failed { background: var(--bad); width: .3em; } .key.anchor { background: #1d4f91; border-radius: 50%; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { @page { margin: 16mm; } body { padding: 0; max-width: none; font-size: 10pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2 { break-after: avoid; } tr, li, svg, dd { break-inside: avoid; } .scroll { overflow: visible; } }
`;
