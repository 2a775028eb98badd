/** Of the whole report. Colours are pairs with a contrast of at least 4.5 (texts) or 3 (lines) in light and in dark. */
export const style = `
:root { color-scheme: light dark;
  --page: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa; --link: #0550ae;
  --good: #116329; --good-page: #dafbe1; --warn: #7d4e00; --warn-page: #fff8c5; --bad: #a40e26; --bad-page: #ffebe9;
  --s1: #0550ae; --s2: #9a3c00; --s3: #6639ba; --mark: #59636e;
  --fault: #ffdcd7; --recovery: #fff1c2; --calm: #e9eef3; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0d1117; --ink: #e6edf3; --soft: #9aa4af; --line: #3d444d; --panel: #161b22; --link: #79b8ff;
  --good: #7ee787; --good-page: #12301c; --warn: #f2cc60; --warn-page: #33290d; --bad: #ffa198; --bad-page: #43171a;
  --s1: #79b8ff; --s2: #ffab70; --s3: #d2b3ff; --mark: #9aa4af;
  --fault: #4a1d20; --recovery: #3a3010; --calm: #1c232c; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); line-height: 1.25; }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1rem 0 .5rem; }
p, ul, ol, dl { margin: 0 0 .75rem; }
ul, ol { padding-left: 1.4rem; }
li { margin: .2rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .5rem; z-index: 1; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
main, pre, td, th, dd, li { overflow-wrap: anywhere; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0 1.5rem; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; }
.tiles dt { color: var(--soft); font-size: .875rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; }
.tiles dd small { display: block; font-size: .8125rem; font-weight: 400; color: var(--soft); }
.cards { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .75rem; }
.cards > li { margin: 0; border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .5rem; padding: .75rem; background: var(--panel); }
.cards > li.good { border-left-color: var(--good); } .cards > li.bad { border-left-color: var(--bad); } .cards > li.warn { border-left-color: var(--warn); }
.cards h4 { margin: 0 0 .35rem; display: flex; justify-content: space-between; gap: .5rem; align-items: baseline; }
.cards p { margin: .25rem 0 0; font-size: .875rem; }
.pairs { display: grid; grid-template-columns: fit-content(12rem) 1fr; gap: .15rem .75rem; font-size: .9375rem; }
.pairs dt { color: var(--soft); } .pairs dd { margin: 0; }
.badge { display: inline-block; white-space: nowrap; border-radius: 1rem; padding: 0 .6rem; font-size: .8125rem; font-weight: 600; line-height: 1.5rem; background: var(--calm); color: var(--ink); }
.badge.good { background: var(--good-page); color: var(--good); } .badge.warn { background: var(--warn-page); color: var(--warn); } .badge.bad { background: var(--bad-page); color: var(--bad); }
.wide { overflow-x: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; padding: .5rem .75rem; color: var(--soft); font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem; border-top: 1px solid var(--line); min-width: 6.5rem; overflow-wrap: break-word; }
thead th { background: var(--panel); border-top: 0; }
details { border: 1px solid var(--line); border-radius: .5rem; padding: 0 .75rem; margin: 0 0 .5rem; }
summary { cursor: pointer; padding: .5rem 0; }
details[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: .5rem; }
pre { background: var(--panel); padding: .75rem; border-radius: .5rem; font-size: .8125rem; white-space: pre-wrap; overflow-x: auto; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; }
figcaption { font-size: .875rem; }
.key { white-space: nowrap; margin-left: .5rem; color: var(--soft); } .key svg { width: 1.75rem; height: .6rem; vertical-align: middle; }
.chart { display: block; width: 100%; height: auto; font: 11px system-ui, "Segoe UI", Roboto, "Open Sans", sans-serif; }
.chart text { fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.phase { fill: none; } .phase.fault { fill: var(--fault); } .phase.recovery { fill: var(--recovery); } .phase.baseline, .phase.after { fill: var(--calm); }
.series { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; }
.s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); stroke-dasharray: 5 3; } .s3 { stroke: var(--s3); stroke-dasharray: 1 4; stroke-width: 2.25; }
.limit { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 8 4; fill: none; }
.mark line, .mark polyline { stroke: var(--mark); stroke-width: 1; fill: none; }
.mark circle { fill: var(--page); stroke: var(--mark); } .chart .mark text { fill: var(--ink); font-size: 10px; text-anchor: middle; }
.chart .y { text-anchor: end; } .chart .x { text-anchor: middle; } .chart .name { text-anchor: middle; font-size: 10px; fill: var(--ink); }
.health.ok { fill: var(--good); } .health.other { fill: var(--warn); } .health.none { fill: var(--bad); }
.marks { font-size: .9375rem; columns: 20rem; } .marks li { margin: 0 0 .25rem; } .marks time { font-variant-numeric: tabular-nums; font-weight: 600; }
footer { padding: 2rem 1rem; color: var(--soft); font-size: .875rem; }
@media (max-width: 30rem) { h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; } th, td { padding: .4rem .5rem; } section > .pairs, details > .pairs { grid-template-columns: 1fr; } section > .pairs dd, details > .pairs dd { margin-bottom: .35rem; } }
@media print {
  :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --link: #000;
    --good: #116329; --good-page: #fff; --warn: #7d4e00; --warn-page: #fff; --bad: #a40e26; --bad-page: #fff;
    --s1: #0550ae; --s2: #9a3c00; --s3: #6639ba; --mark: #444; --fault: #ffdcd7; --recovery: #fff1c2; --calm: #eee; }
  @page { margin: 15mm; }
  body { font-size: 10pt; } header, main, footer { max-width: none; padding: 0; } nav, .skip { display: none; }
  .wide { overflow: visible; } .badge { border: 1px solid; }
  .phase, .health { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure, .cards > li, .tiles div, tr { break-inside: avoid; } h2, h3, h4 { break-after: avoid; } section.scenario { break-before: page; }
  .panels { grid-template-columns: 1fr 1fr; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; } details > summary { list-style: none; }
}
`;
