"""Style sheet of the viewer's own tables and cards, for light and dark pages."""

from typing import Final

# As narrow as the names of the pages allow, so that tables fit next to it on 1280 px.
SIDEBAR_PX: Final = 244
SCROLLING_FIGURE: Final = "em-wide"
"""Key of a container whose figure keeps its width on a narrow page, and scrolls sideways."""
WIDE_PAGES_ONLY: Final = "em-rows"
"""Prefix of the key of a container that is hidden on narrow pages, which show cards instead."""
ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<rect width="16" height="16" rx="3" fill="#0072B2"/>'
    '<rect x="3" y="3" width="4" height="10" fill="#fff"/>'
    '<rect x="8" y="3" width="5" height="4" fill="#E69F00"/>'
    '<rect x="8" y="8" width="5" height="5" fill="#56B4E9"/></svg>'
)
"""Icon of the page; inline, so that no other host is contacted."""

STYLE: Final = """<style>
.block-container { padding-top: 3.5rem; padding-bottom: 3rem; max-width: 90rem; }
@media (min-width: 48rem) { .block-container { padding-left: 3rem; padding-right: 3rem; } }
.em-scroll { overflow-x: auto; }
.em-table { border-collapse: collapse; font-size: 0.875rem; width: 100%; }
.em-table caption { text-align: left; opacity: 0.75; padding-bottom: 0.4rem; caption-side: top; }
.em-table th { text-align: left; font-weight: 600; }
.em-table th, .em-table td { padding: 0.25rem 0.9rem 0.25rem 0; vertical-align: top;
  border-bottom: 1px solid rgba(128, 128, 128, 0.25); overflow-wrap: break-word;
  max-width: 22rem; }
.em-table td.em-name { white-space: nowrap; }
.em-table td.em-number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.em-table tr.em-sum td { font-weight: 600; border-bottom: 0; }
.em-table tr.em-none { opacity: 0.55; }
.em-tall { max-height: 44rem; overflow-y: auto; }
.em-links td, .em-links th[scope="row"] { max-width: 14rem; }
.em-links td { font-variant-numeric: tabular-nums; min-width: 5rem; }
.em-links small { display: block; opacity: 0.75; white-space: nowrap; line-height: 1.35; }
.em-links a { color: inherit; text-decoration: underline dotted; text-underline-offset: 3px; }
.em-links a:hover, .em-links a:focus { text-decoration: underline solid; }
.em-links th[scope="row"] { font-weight: 400; min-width: 8rem; }
.em-links thead th { position: sticky; top: 0; }
.st-key-em-wide { overflow-x: auto; }
.st-key-em-wide > div:has(.js-plotly-plot), .st-key-em-wide > .stElementContainer {
  min-width: 44rem; }
[data-testid="stMain"] [data-testid="stPageLink"] p { white-space: normal; }
.em-facts { display: grid; gap: 0.75rem; margin: 0.25rem 0 0.5rem;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.em-facts:has(> div:nth-child(6):last-child) {
  grid-template-columns: repeat(auto-fit, minmax(max(9.5rem, 30%), 1fr)); }
.em-facts div { border: 1px solid rgba(128, 128, 128, 0.3); border-radius: 0.5rem;
  padding: 0.6rem 0.9rem; }
.em-facts b { display: block; font-size: 1.5rem; line-height: 1.3; font-weight: 600; }
.em-legend span { display: inline-block; margin-right: 1.1rem; font-size: 0.85rem; }
.em-legend i { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 2px;
  margin-right: 0.35rem; vertical-align: -1px; }
.em-facts span { font-size: 0.85rem; opacity: 0.8; }
.em-cards > div { border-top: 1px solid rgba(128, 128, 128, 0.3); padding: 0.6rem 0;
  overflow-wrap: anywhere; }
.em-cards a, .em-transition a { color: inherit; text-decoration: underline dotted;
  text-underline-offset: 3px; }
.em-cards span, .em-cards small { display: block; font-size: 0.85rem; margin-top: 0.2rem; }
.em-cards small { opacity: 0.75; }
@media (max-width: 47.99rem) { [class*="st-key-em-rows"] { display: none; } }
@media (min-width: 48rem) { .em-cards { display: none; } }
@media (max-width: 40rem) { .em-cells td:not(.em-number) { min-width: 6.5rem; }
  .em-cells td:last-child:not(:nth-child(-n+4)) { min-width: 13rem; } }
</style>"""
