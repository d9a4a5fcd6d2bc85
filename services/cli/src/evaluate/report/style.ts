// The report's style sheet: one column, figures first, light or dark as the reader's system is.

export const STYLE = `
:root {
  --ink:#1b1f24; --dim:#667080; --faint:#e4e8ee; --paper:#fbfbfa; --card:#fff;
  --own:#b4361f; --rule:#7b8798; --yes:#b4361f; --no:#c9d0da; --flag:#e08a1e; --light:42%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink:#e8eaee; --dim:#98a2b3; --faint:#2b313b; --paper:#14171c; --card:#1b1f26;
    --own:#ff7d5c; --rule:#8c98aa; --yes:#ff7d5c; --no:#434c5a; --flag:#f0a541; --light:58%;
  }
}
* { box-sizing:border-box; }
body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width:1080px; margin:0 auto; padding:40px 24px 96px; }
h1 { font-size:28px; line-height:1.2; margin:0 0 6px; letter-spacing:-.01em; }
h2 { font-size:22px; margin:64px 0 2px; padding-top:24px; border-top:1px solid var(--faint); }
h3 { font-size:16px; margin:36px 0 12px; }
p { margin:0 0 10px; max-width:75ch; }
.lead, .note, .goal, .facts { color:var(--dim); }
nav a { color:inherit; margin-right:16px; }
code { font:13px ui-monospace, SFMono-Regular, Menlo, monospace; }
.tiles { display:grid; grid-template-columns:repeat(auto-fit, minmax(140px, 220px)); gap:12px; margin:20px 0; }
.tile { background:var(--card); border:1px solid var(--faint); border-radius:10px; padding:12px 14px; }
.tile span, .tile small { display:block; color:var(--dim); font-size:12.5px; }
.tile strong { font-size:26px; font-weight:600; font-variant-numeric:tabular-nums; }
table { border-collapse:collapse; width:100%; font-size:13.5px; }
td, th { padding:5px 8px; text-align:right; font-weight:400; vertical-align:top; }
th[scope=row], .excerpt td { text-align:left; }
thead th { color:var(--dim); border-bottom:1px solid var(--faint); }
.methods td { font-variant-numeric:tabular-nums; white-space:nowrap; }
.methods tbody tr + tr { border-top:1px solid var(--faint); }
.methods tr.bounds { border-top:0 !important; color:var(--dim); font-size:11.5px; }
.methods tr.bounds td { padding-top:0; white-space:normal; }
.own th, .own td, td.own { font-weight:650; color:var(--own); }
.key { display:inline-block; min-width:20px; color:var(--dim); font-size:12px; }
.charts { display:flex; flex-wrap:wrap; gap:28px; margin-top:28px; align-items:flex-start; }
figure { margin:0; }
.chart { width:min(100%, 400px); }
.dots { width:min(100%, 620px); }
figcaption { font-weight:600; margin-bottom:6px; }
svg { width:100%; height:auto; display:block; }
svg text { fill:var(--dim); font-size:11px; }
svg .axis { font-size:12px; }
.grid { stroke:var(--faint); fill:none; }
.curve { stroke:var(--own); stroke-width:2.2; fill:none; stroke-linejoin:round; }
.own circle { fill:var(--own); stroke:var(--card); stroke-width:2; }
.other circle { fill:var(--card); stroke:var(--rule); stroke-width:1.6; }
.other text { fill:var(--ink); }
.axisline, .zero { stroke:var(--rule); fill:none; }
.zero { stroke-dasharray:2 4; }
.median { stroke:var(--own); stroke-width:2; }
.dot { fill:var(--own); opacity:.55; }
.session { background:var(--card); border:1px solid var(--faint); border-left:4px solid var(--rule); border-radius:10px; padding:12px 16px; margin:12px 0; }
.session.missed { border-left-color:var(--own); }
.session.false-alarm { border-left-color:var(--flag); }
summary { cursor:pointer; }
.badge { font-size:12px; font-weight:650; padding:2px 8px; border-radius:99px; background:var(--faint); }
.facts { font-size:13px; margin-left:6px; }
.goal { margin:10px 0; font-size:13.5px; max-width:none; }
.timeline { margin:6px 0 10px; }
.rowname { font-size:12px; }
.call { fill:hsl(var(--hue) 55% var(--light)); }
.message { fill:var(--faint); }
.yes { fill:var(--yes); }
.no { fill:none; stroke:var(--no); stroke-width:1.5; }
.drift { fill:var(--yes); opacity:.75; }
.flag { fill:var(--flag); opacity:.8; }
.told { stroke:var(--ink); stroke-width:2; }
.why { font-size:13.5px; margin:6px 0; }
.why p { max-width:none; margin:0 0 4px; }
.evidence { color:var(--dim); font-size:12.5px; }
.evidence span { margin-right:14px; }
.evidence i { font-style:normal; color:var(--rule); }
.excerpt { margin-top:8px; font-size:13px; color:var(--dim); }
.excerpt table { margin-top:8px; table-layout:fixed; }
.excerpt td { font-size:12.5px; overflow-wrap:anywhere; }
.excerpt td:nth-child(1) { width:44px; }
.excerpt td:nth-child(2) { width:150px; }
.excerpt .inside { background:color-mix(in srgb, var(--flag) 14%, transparent); color:var(--ink); }
.said { display:block; font-style:italic; }
.legend span { margin-right:18px; white-space:nowrap; }
.swatch { display:inline-block; width:11px; height:11px; border-radius:3px; margin-right:5px; vertical-align:-1px; }
@media print {
  details > * { display:revert; }
  body { background:#fff; }
}
`;
