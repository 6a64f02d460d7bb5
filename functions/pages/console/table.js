// @ts-check
// The pivot as a table: the chart's equal. One tab stop; arrows go from cell to cell, Enter opens a group or lists
// what is behind a figure.

import { amount, el } from "./dom.js";
import { t } from "./texts.js";
import { COLOURS } from "./figures.js";

/** @import { Figures, Period, Row } from "./figures.js" */
/** @import { Format } from "./format.js" */

/** `pick` is called with a row and its period (null: the whole span), `toggle` with a row that opens or closes.
 * @typedef {{format: Format, open: string[], pick: (what: string, period: Period | null) => void, toggle: (what:
 * string) => void}} Actions */

/** @param {Figures} figures @param {Actions} actions @returns {HTMLTableElement} */
export function table(figures, actions) {
  const head = el("tr", {}, el("th", { scope: "col", class: "name" }, t("groupColumn", { currency: actions.format.currency })));
  for (const period of figures.periods) {
    const { label, year } = actions.format.period(period.start, figures.unit);
    const star = period.complete ? null : el("abbr", { title: t("incomplete") }, " *");
    head.append(el("th", { scope: "col", "data-column": period.start }, label, star, " ", el("small", {}, year)));
  }
  head.append(el("th", { scope: "col", class: "sum" }, t("total")));
  head.append(el("th", { scope: "col", class: "sum" }, t("average"), " ", el("small", {}, t("aMonth"))));
  const body = el("tbody", {}, ...figures.rows.flatMap((row) => lines(row, figures, actions)));
  const made = el("table", { role: "grid", "aria-label": t("tableLabel") }, el("thead", {}, head), body);
  listen(made, figures, actions);
  return made;
}

/** A row and what is open below it. The groups of expenses are always in sight. @param {Row} row
 * @param {Figures} figures @param {Actions} actions @returns {HTMLTableRowElement[]} */
function lines(row, figures, actions) {
  const canOpen = row.children.length > 0 && !isAlwaysOpen(row);
  const isOpen = row.children.length > 0 && (isAlwaysOpen(row) || actions.open.includes(row.what));
  const below = isOpen ? row.children.flatMap((child) => lines(child, figures, actions)) : [];
  return [line(row, canOpen, isOpen, figures, actions.format), ...below];
}

/** @param {Row} row */
function isAlwaysOpen(row) {
  return row.level === 0 && !row.group;
}

/** @param {Row} row @param {boolean} canOpen @param {boolean} isOpen @param {Figures} figures @param {Format} format
 */
function line(row, canOpen, isOpen, figures, format) {
  const tone = row.level === 1 && row.type === "expenses" ? (row.rank < COLOURS ? `tone-${row.rank}` : "tone-other") : "";
  const name = el("th",
    { scope: "row", class: "name", tabindex: -1, "aria-expanded": canOpen ? String(isOpen) : null, "data-row": row.what },
    el("span", { class: canOpen ? "twist" : "no-twist", "aria-hidden": "true" }, canOpen ? (isOpen ? "▾" : "▸") : ""),
    tone ? el("span", { class: `dot ${tone}`, "aria-hidden": "true" }) : null, row.name);
  const cells = figures.periods.map((period) => {
    const cell = row.cells.get(period.start);
    return figure(row, period.start, cell?.amount ?? 0, Boolean(cell?.count), format);
  });
  const kind = `level-${row.level} type-${row.type}`;
  return el("tr", { class: kind }, name, ...cells, figure(row, "total", row.amount, row.count > 0, format),
    figure(row, "average", row.average, false, format));
}

/** A cell: whole units to see, the exact amount in `value`; zero is empty. @param {Row} row @param {string} column
 * @param {number} value @param {boolean} canPick @param {Format} format */
function figure(row, column, value, canPick, format) {
  const marks = { "data-cell": `${row.id}:${column}`, "data-also": row.group ? `${row.group}:${column}` : null };
  const title = value ? format.exact(value) : null;
  const classes = [canPick ? "can-pick" : "", column === "total" || column === "average" ? "sum" : ""].join(" ").trim();
  return el("td", { tabindex: -1, class: classes || null, title, ...marks }, amount(value, value ? format.whole(value) : ""));
}

/** @param {HTMLTableElement} made @param {Figures} figures @param {Actions} actions */
function listen(made, figures, actions) {
  /** @param {HTMLElement} cell */
  const act = (cell) => {
    if (cell.hasAttribute("aria-expanded")) actions.toggle(cell.dataset.row ?? "");
    if (!cell.classList.contains("can-pick")) return;
    const what = cell.parentElement?.querySelector("th")?.dataset.row ?? "";
    const column = cell.dataset.cell?.split(":")[1];
    actions.pick(what, figures.periods.find((period) => period.start === column) ?? null);
  };
  made.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (!cell) return;
    hold(made, cell);
    act(cell);
  });
  made.addEventListener("keydown", (event) => {
    const cell = cellAt(event);
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") act(cell);
    else if (!move(made, cell, event.key, event.ctrlKey)) return;
    event.preventDefault();
  });
  made.addEventListener("focusin", (event) => {
    const cell = cellAt(event);
    if (cell) hold(made, cell);
  });
}

/** @param {Event} event @returns {HTMLElement | null} */
function cellAt(event) {
  return event.target instanceof Element ? event.target.closest("tbody th, tbody td") : null;
}

/** Makes a cell the table's tab stop. @param {HTMLTableElement} made @param {HTMLElement} cell */
function hold(made, cell) {
  made.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
}

/** @param {HTMLTableElement} made @param {HTMLElement} cell @param {string} key
 * @param {boolean} far with Ctrl: to the table's edge @returns {boolean} whether it is a key that moves */
function move(made, cell, key, far) {
  const rows = [...made.tBodies[0].rows];
  const row = rows.findIndex((each) => each.contains(cell));
  const columns = [...rows[row].cells];
  const column = columns.findIndex((each) => each === cell);
  const last = columns.length - 1;
  /** @type {Record<string, [number, number]>} */
  const targets = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [far ? 0 : row, 0],
    End: [far ? rows.length - 1 : row, last],
  };
  const target = targets[key];
  if (!target) return false;
  rows[target[0]]?.cells[target[1]]?.focus();
  return true;
}

/** Which cell is the tab stop, to find it again after the table was drawn anew. @param {HTMLElement} box */
export function heldCell(box) {
  const cell = /** @type {HTMLElement | null} */ (box.querySelector("table [tabindex='0']"));
  return { name: cell?.dataset.cell ?? "", row: cell?.dataset.row ?? "", hasFocus: cell === document.activeElement };
}

/** @param {HTMLElement} box @param {{name: string, row: string, hasFocus: boolean}} held */
export function holdAgain(box, held) {
  const made = box.querySelector("table");
  const cells = [...(made?.querySelectorAll("tbody th, tbody td") ?? [])].map((cell) => /** @type {HTMLElement} */ (cell));
  const cell = cells.find((each) => (held.row && each.dataset.row === held.row) || (held.name && each.dataset.cell === held.name));
  if (!made || !cells.length) return;
  hold(made, cell ?? cells[0]);
  if (cell && held.hasFocus) cell.focus({ preventScroll: true });
}
