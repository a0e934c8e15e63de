// The style sheet of all pages: one for everything, the body's class picks colours and layout, so
// that nobody mistakes one system for another. Every pair of colours has a contrast of 4.5 or more.
#include <string>
#include <string_view>

#include "server/sandbox/pages.h"

namespace crm::sandbox {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light; --ink: #1f2a37; --line: #cfd6de; --paper: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
body { color: var(--ink); background: var(--paper); }
.all { --brand: #33475b; --soft: #eaf0f6; --bar: #33475b; --bar-ink: #fff; --accent: #33475b; }
.hubspot { --brand: #b8350e; --soft: #fff1ea; --bar: #213343; --bar-ink: #fff; --accent: #ff7a59; }
.pipedrive { --brand: #08652f; --soft: #e8f6ee; --bar: #26292c; --bar-ink: #fff; }
.pipedrive { --accent: #35d07f; --paper: #fff; }
.practice { --brand: #1f4e9e; --soft: #e8effb; --bar: #dfe7f5; --bar-ink: #12284f; }
.practice { --accent: #1f4e9e; font-family: Georgia, serif; }
header { background: var(--bar); color: var(--bar-ink); padding: .75rem 1.5rem; }
header { border-bottom: .3rem solid var(--accent); }
header p { margin: 0; }
header .product { font-size: 1.2rem; font-weight: 700; }
header .logo { display: inline-block; width: .8em; height: .8em; margin-right: .5em; }
header .logo { background: var(--accent); border-radius: 50%; }
.pipedrive header .logo { border-radius: .15em; }
.practice header .logo { border-radius: 0; transform: rotate(45deg); }
header .sandbox { font-size: .875rem; }
header .sandbox strong { background: #ffd84d; color: #1f2a37; padding: 0 .4rem; }
header .sandbox strong { border-radius: .2rem; text-transform: uppercase; }
header ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
header ul { margin: .5rem 0 0; padding: 0; }
header a { color: inherit; font-weight: 600; }
header .others a { font-weight: 400; font-size: .875rem; }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; }
h1 { font-size: 1.6rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
.tools { display: flex; flex-wrap: wrap; gap: 1rem; }
.tools { align-items: end; justify-content: space-between; }
.tools form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.tools label { flex-basis: 100%; margin: 0; }
.tools input { width: 20rem; max-width: 60vw; }
.tools button, .tools .button { margin: 0; }
.note { background: var(--soft); border-left: .3rem solid var(--brand); padding: .5rem 1rem; }
.on { background: #fff4c2; color: #3d2f00; border: 1px solid #8a6d00; border-radius: .3rem; }
.on { padding: .5rem 1rem .75rem; margin-bottom: 1rem; }
.on ul { margin: .25rem 0; padding-left: 1.25rem; }
.on button { margin-top: .25rem; }
table { width: 100%; border-collapse: collapse; background: #fff; margin: 1rem 0; }
th, td { text-align: start; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: anywhere; vertical-align: top; }
tbody th { font-weight: 600; min-width: 9rem; }
thead .short { white-space: nowrap; }
thead th { background: var(--soft); border-bottom: 2px solid var(--brand); }
.hubspot table { border: 1px solid var(--line); }
.pipedrive th, .pipedrive td { padding: .35rem .75rem; }
.pipedrive tbody tr:nth-child(even) { background: #f6f7f8; }
td input, .pick { width: auto; min-width: 1.25rem; min-height: 1.25rem; }
label { display: block; font-weight: 600; margin-top: .75rem; }
input { width: 100%; max-width: 32rem; padding: .45rem .6rem; font: inherit; }
input { border: 1px solid #6b7785; border-radius: .3rem; background: #fff; color: inherit; }
button, .button { display: inline-block; margin-top: 1rem; padding: .5rem 1.1rem;
  font: inherit; font-weight: 600; text-align: start;
  border: 1px solid var(--brand); border-radius: .3rem;
  background: var(--brand); color: #fff; text-decoration: none; cursor: pointer; }
.pipedrive button, .pipedrive .button { border-radius: 1.25rem; }
button.quiet { background: #fff; color: var(--brand); }
button.end { background: #3d2f00; border-color: #3d2f00; }
.actions { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: end; }
.actions form { max-width: 100%; }
.faults { list-style: none; padding: 0; display: grid; gap: .75rem; }
.faults { grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); }
.faults li { background: #fff; border: 1px solid var(--line); border-radius: .4rem; }
.faults li { padding: .75rem; }
.faults button { margin: 0; width: 100%; }
.faults p { margin: .5rem 0 0; font-size: .9rem; }
a { color: var(--brand); }
:focus-visible { outline: .2rem solid #1a5fb4; outline-offset: .1rem; }
.hubspot header :focus-visible, .pipedrive header :focus-visible { outline-color: #fff; }
@media (min-width: 56rem) {
  .pipedrive { display: grid; grid-template-columns: 14rem 1fr; min-height: 100vh; }
  .pipedrive header { border-bottom: 0; border-right: .3rem solid var(--accent); }
  .pipedrive header ul { flex-direction: column; margin-top: 1.5rem; }
  .pipedrive main { margin: 0; }
}
@media (max-width: 40rem) {
  main { padding: 1rem; }
  .wide { display: none; }
  th, td { padding: .5rem .4rem; }
  tbody th { min-width: 7rem; }
}
)css";

}  // namespace

Response style_sheet() {
    return {.content_type = "text/css; charset=utf-8", .body = std::string(kStyle)};
}

}  // namespace crm::sandbox
