// @ts-check
// The pivot as a table: the chart's equal. One tab stop; arrows go from cell to cell, Enter opens a group or lists
// what is behind a figure.

import { amount, el } from "./dom.js";
import { t } from "./texts.js";

/** @import { Figures, Row } from "./figures.js" */
/** @import { Format } from "./format.js" */
/** @import { Actions } from "./report.js" */

/** @param {Figures} figures @param {Format} format @param {string[]} open the rows that are open
 * @param {Actions} actions */
export function table(figures, format, open, actions) {
  const head = el("tr", {}, el("th", { scope: "col", class: "name" }, format.currency));
  for (const period of figures.periods) {
    const { label, year } = format.period(period.start, figures.unit);
    const star = period.complete ? null : el("abbr", { title: t("incomplete") }, " *");
    head.append(el("th", { scope: "col", "data-column": period.start }, label, star, " ", el("small", {}, year)));
  }
  head.append(el("th", { scope: "col", class: "sum" }, t("total")));
  head.append(el("th", { scope: "col", class: "sum" }, t("average"), " ", el("small", {}, t("aMonth"))));
  const body = el("tbody", {}, ...figures.rows.flatMap((row) => lines(row, figures, format, open)));
  const made = el("table", { role: "grid", "aria-label": t("tableLabel") }, el("thead", {}, head), body);
  listen(made, figures, actions);
  return made;
}

/** A row and what is open below it; the groups of expenses are always in sight. @param {Row} row
 * @param {Figures} figures @param {Format} format @param {string[]} open @returns {HTMLTableRowElement[]} */
function lines(row, figures, format, open) {
  const isFixed = row.level === 0 && !row.group;
  const canOpen = row.children.length > 0 && !isFixed;
  const isOpen = isFixed || (canOpen && open.includes(row.what));
  const mark = canOpen ? (isOpen ? "▾" : "▸") : "";
  const marks = { tabindex: -1, "aria-expanded": canOpen ? String(isOpen) : null, "data-row": row.what };
  const hasTone = row.level === 1 && row.type === "expenses";
  const name = el("th", { scope: "row", class: "name", ...marks },
    el("span", { class: "twist", "aria-hidden": "true" }, mark),
    hasTone ? el("span", { class: `dot tone-${row.rank}`, "aria-hidden": "true" }) : null, row.name);
  const cells = figures.periods.map(({ start }) => {
    const { amount: value, count } = row.cells.get(start) ?? { amount: 0, count: 0 };
    return figure(row, start, value, count > 0, format);
  });
  cells.push(figure(row, "total", row.amount, row.count > 0, format));
  cells.push(figure(row, "average", row.average, false, format));
  const line = el("tr", { class: `level-${row.level}` }, name, ...cells);
  return [line, ...(isOpen ? row.children.flatMap((child) => lines(child, figures, format, open)) : [])];
}

/** A cell: whole units to see, the exact amount in `value`; zero is empty. @param {Row} row @param {string} column
 * @param {number} value @param {boolean} canPick @param {Format} format */
function figure(row, column, value, canPick, format) {
  const marks = { "data-cell": `${row.id}:${column}`, "data-also": row.group ? `${row.group}:${column}` : null };
  const title = value ? format.exact(value) : null;
  const kind = `${canPick ? "can-pick" : ""} ${column === "total" || column === "average" ? "sum" : ""}`.trim();
  return el("td", { tabindex: -1, class: kind, title, ...marks }, amount(value, value ? format.whole(value) : ""));
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
  const next = rows[target[0]]?.cells[target[1]];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
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
  const cells = /** @type {HTMLElement[]} */ ([...(made?.querySelectorAll("tbody th, tbody td") ?? [])]);
  const cell = cells.find(({ dataset }) => (held.row ? dataset.row === held.row : dataset.cell === held.name));
  if (!made || !cells.length) return;
  hold(made, cell ?? cells[0]);
  if (cell && held.hasFocus) cell.focus({ preventScroll: true });
}
