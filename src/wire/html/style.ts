/** The one style sheet of the pages that are made here: light and dark, from 320 px on, without a script or a font to load. */
export const style = `
:root{color-scheme:light dark;--ground:#f3f5f7;--card:#fff;--ink:#16202b;--soft:#55636f;--line:#d5dce2;--field:#8794a0;
--accent:#0b6a63;--accent-ink:#fff;--accent-soft:#e3f2f0;--bad:#a4262c;--bad-soft:#fdecec;--good:#1c6b36;--good-soft:#e6f4ea}
@media (prefers-color-scheme:dark){:root{--ground:#0f151b;--card:#18212a;--ink:#e8eef3;--soft:#a2b0bc;--line:#2c3844;--field:#71808e;
--accent:#5fc9bd;--accent-ink:#06231f;--accent-soft:#13312e;--bad:#ff9a98;--bad-soft:#3a1d1f;--good:#86d79f;--good-soft:#16301f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--ground);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{width:100%;max-width:60rem;margin:0 auto;padding:1.25rem 1rem .25rem;display:flex;align-items:center;gap:1rem;justify-content:space-between;flex-wrap:wrap}
.brand{display:inline-flex;align-items:center;gap:.6rem;font-weight:650;font-size:1.1rem;letter-spacing:.01em;color:inherit;text-decoration:none}
.brand svg{width:1.75rem;height:1.75rem;color:var(--accent)}
main{width:100%;max-width:27rem;margin:0 auto;padding:1.25rem 1rem 2.5rem;flex:1}
body.narrow>header{max-width:27rem}
main.wide{max-width:60rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .35rem;letter-spacing:-.01em}
h2{font-size:1.12rem;line-height:1.3;margin:0 0 .25rem}
p{margin:.35rem 0 .75rem}
.lead,.soft{color:var(--soft)}
.soft{font-size:.9rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.8rem;padding:1.4rem;margin:1rem 0;box-shadow:0 1px 2px #0000000d,0 8px 24px #0000000a}
.card>:last-child{margin-bottom:0}
main:not(.wide) .card>.lead{margin-bottom:1.1rem}
form{margin:0}
label{display:block;font-weight:600;font-size:.94rem;margin:0 0 .3rem}
.hint{color:var(--soft);font-size:.88rem;margin:.3rem 0 0}
.field{margin:0 0 1.05rem}
input:not([type=hidden]),select{width:100%;min-height:2.75rem;padding:.5rem .7rem;font:inherit;color:inherit;
background:var(--card);border:1px solid var(--field);border-radius:.5rem}
input.code{font-variant-numeric:tabular-nums;letter-spacing:.18em;font-size:1.25rem}
button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1.1rem;font:inherit;font-weight:600;
border:1px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--accent-ink);cursor:pointer;text-decoration:none}
button:hover,.button:hover{filter:brightness(1.08)}
button.second,.button.second{background:transparent;color:var(--ink);border-color:var(--field)}
button.second:hover,.button.second:hover{background:var(--accent-soft);filter:none}
button.danger{background:transparent;color:var(--bad);border-color:var(--bad)}
button.danger:hover{background:var(--bad-soft);filter:none}
button.small{min-height:2.4rem;padding:.3rem .8rem;font-size:.92rem}
.full{width:100%}
:is(a,button,.button,input,select,summary):focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.note{border:1px solid var(--line);border-left-width:4px;border-radius:.5rem;padding:.7rem .9rem;margin:1rem 0;background:var(--card)}
.note>:last-child{margin-bottom:0}
.note p:first-child{margin-top:0}
.note.bad{border-color:var(--bad);background:var(--bad-soft)}
.note.good{border-color:var(--good);background:var(--good-soft)}
.or{display:flex;align-items:center;gap:.8rem;color:var(--soft);font-size:.88rem;margin:1.2rem 0}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.stack>*+*{margin-top:.6rem}
.rows{list-style:none;margin:.75rem 0 0;padding:0}
.rows>li{display:flex;gap:.75rem 1rem;align-items:center;justify-content:space-between;padding:.8rem 0;border-top:1px solid var(--line);flex-wrap:wrap}
.rows>li>div:first-child{flex:1 1 15rem;min-width:0}
.rows strong{display:block;overflow-wrap:anywhere}
.rows .soft{margin:0;overflow-wrap:anywhere}
.tag{display:inline-block;font-size:.78rem;font-weight:600;line-height:1.4;padding:.05rem .5rem;border-radius:1rem;background:var(--accent-soft);color:var(--accent);vertical-align:.08em}
.actions{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1rem}
.rows>li:last-child{padding-bottom:.3rem}
.ways{display:flex;gap:.6rem;flex-wrap:wrap;align-items:flex-start;margin-top:.9rem;padding-top:1rem;border-top:1px solid var(--line)}
details>summary{display:inline-flex;align-items:center;min-height:2.4rem;padding:.3rem .8rem;border:1px solid var(--field);border-radius:.5rem;font-weight:600;font-size:.92rem;cursor:pointer;list-style:none}
details>summary::-webkit-details-marker{display:none}
details>summary:hover{background:var(--accent-soft)}
details.danger>summary{color:var(--bad);border-color:var(--bad)}
details.danger>summary:hover{background:var(--bad-soft)}
details[open]{flex-basis:100%}
details>.inside{border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin-top:.6rem;max-width:27rem}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.92em}
code{overflow-wrap:anywhere}
pre{overflow:auto;margin:.6rem 0;padding:.8rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--ground)}
.secret{display:block;padding:.7rem .9rem;border:1px solid var(--line);border-radius:.5rem;background:var(--ground);font-size:1.05rem;letter-spacing:.06em;user-select:all}
.codes{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.4rem;list-style:none;padding:0;margin:.8rem 0}
.codes li{padding:.45rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--ground)}
.usercode{font-size:1.9rem;letter-spacing:.12em;font-weight:650;margin:.2rem 0 .6rem}
.qr{display:block;width:13rem;max-width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:.5rem;margin:.8rem 0}
dl{margin:.8rem 0;display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:30rem){.card{padding:1.1rem}h1{font-size:1.4rem}.rows>li>form,.rows>li>form>button{width:100%}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
@media (prefers-contrast:more){:root{--line:currentColor;--soft:var(--ink)}}
`.trim();
