// @ts-check
// Draws what a pivot says: tiles, chart, table, and the call that it came from.

import { chart, legend } from "./chart.js";
import { byId, el } from "./dom.js";
import { callView } from "./parts.js";
import { heldCell, holdAgain, table } from "./table.js";
import { t } from "./texts.js";
import { tiles } from "./tiles.js";

/** @import { Figures, Period } from "./figures.js" */
/** @import { Format } from "./format.js" */

/** What the parts call: a figure was chosen (without a period: the whole span), a group opened or closed.
 * @typedef {{pick: (what: string, period: Period | null) => void, toggle: (what: string) => void}} Actions */

const NARROW = 600;

/** @param {Figures} figures @param {Format} format @param {string[]} open @param {Actions} actions
 * @param {string} command the call as curl */
export function drawReport(figures, format, open, actions, command) {
  byId("tiles").replaceChildren(...tiles(figures, format));
  drawChart(figures, format, actions);
  drawTable(figures, format, open, actions);
  byId("call").replaceChildren(callView(command, "pivot"));
}

/** @param {Figures} figures @param {Format} format @param {Actions} actions */
export function drawChart(figures, format, { pick }) {
  const box = byId("chart");
  const width = Math.floor(box.clientWidth);
  if (!width || !figures.periods.length) return;
  box.dataset.width = String(width);
  const drawn = chart(figures, format, width, width < NARROW ? 236 : 288, pick);
  box.replaceChildren(drawn, el("figcaption", {}, legend(figures, pick)));
}

/** Draws the table as it was scrolled and where the focus was; another view is shown at its end.
 * @param {Figures} figures @param {Format} format @param {string[]} open @param {Actions} actions */
function drawTable(figures, format, open, actions) {
  const box = byId("pivot");
  const view = `${figures.span.from} ${figures.span.to} ${figures.unit}`;
  const old = box.querySelector(".scroll");
  const isSame = old?.getAttribute("data-view") === view;
  const [left, top] = isSame && old ? [old.scrollLeft, old.scrollTop] : [Number.MAX_SAFE_INTEGER, 0];
  const held = heldCell(box);
  const scroll = el("div", { class: "scroll", "data-view": view }, table(figures, format, open, actions));
  const star = figures.periods.some((period) => !period.complete) ? t("starred") : "";
  box.replaceChildren(el("p", { class: "small" }, t("tableHint")), scroll, el("p", { class: "small" }, star));
  scroll.scrollTo({ left, top, behavior: "instant" });
  holdAgain(box, held);
}
