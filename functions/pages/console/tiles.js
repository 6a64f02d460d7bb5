// @ts-check
// The four tiles: income, expenses and what is left per complete month, and the largest group.

import { amount, el } from "./dom.js";
import { t } from "./texts.js";

/** @import { Figures, Row } from "./figures.js" */
/** @import { Format } from "./format.js" */

/** @param {Figures} figures @param {Format} format */
export function tiles(figures, format) {
  const { income, expenses, left, completeMonths } = figures;
  const largest = expenses.children.find((row) => row.amount < 0);
  const shown = [income, expenses, left].map((row) => tile(row.id, row.name, row, completeMonths, format));
  if (!largest) return [...shown, el("div", { class: "tile" }, el("h2", {}, t("largest")), el("p", { class: "big" }, "–"))];
  const share = expenses.amount < 0 ? t("ofExpenses", { share: format.percent(largest.amount / expenses.amount) }) : "";
  const note = [largest.name, share].filter(Boolean).join(", ");
  return [...shown, tile("largest", t("largest"), largest, completeMonths, format, note)];
}

/** @param {string} id @param {string} title @param {Row} row @param {number} months @param {Format} format
 * @param {string} [note] */
function tile(id, title, row, months, format, note) {
  const total = amount(row.amount, format.rounded(row.amount), `tile:${id}:total`);
  const figure = months
    ? amount(row.average, format.rounded(row.average), `tile:${id}`)
    : el("data", { value: row.average, "data-figure": `tile:${id}` }, "–");
  return el("div", { class: "tile", "data-tile": id }, el("h2", {}, title),
    el("p", { class: "big" }, figure, months ? el("small", {}, ` ${t("perMonth")}`) : null),
    el("p", { class: "small" }, `${[note, months ? "" : t("noCompleteMonth")].filter(Boolean).join("; ") || t("inAll")} `, note && months ? null : total));
}
