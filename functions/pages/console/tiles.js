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
  if (!largest) return [...shown, el("div", { class: "tile" }, el("h2", {}, t("largest")), "–")];
  const share = format.percent(largest.amount / expenses.amount);
  const note = `${largest.name}${largest.amount >= expenses.amount ? `, ${t("ofExpenses", { share })}` : ""}`;
  return [...shown, tile("largest", t("largest"), largest, completeMonths, format, note)];
}

/** @param {string} id @param {string} title @param {Row} row @param {number} months @param {Format} format
 * @param {string} [note] */
function tile(id, title, row, months, format, note) {
  const total = amount(row.amount, format.rounded(row.amount), `tile:${id}:total`);
  const figure = amount(row.average, months ? format.rounded(row.average) : "–", `tile:${id}`);
  const without = months ? "" : t("noCompleteMonth");
  const words = [note, without].filter(Boolean).join("; ") || t("inAll");
  return el("div", { class: "tile", "data-tile": id }, el("h2", {}, title),
    el("p", { class: "big" }, figure, months ? el("small", {}, ` ${t("perMonth")}`) : null),
    el("p", { class: "small" }, `${words} `, note && months ? null : total));
}
