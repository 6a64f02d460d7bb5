// @ts-check
// The rows, periods and colours that tiles, chart and table show of a pivot. Every figure is the API's own; only
// `left` (income and expenses together) and `other` are added here, in whole cents.

import { after, addDays, periods } from "./spans.js";
import { sentenceCase } from "./format.js";

/** @import { Pivot } from "./api.js" */
/** @import { Format } from "./format.js" */
/** @import { Span, Unit } from "./spans.js" */
/** @import { Selection } from "./view.js" */
/** @typedef {"income" | "expenses" | "none"} Type */
/** @typedef {{start: string, from: string, to: string, complete: boolean}} Period its days are half-open, and cut to
 * the view's span */
/** @typedef {{amount: number, count: number}} Cell */

/** `what` is how a selection names the row; `rank` is the place among the seven largest groups, 7 for all others.
 * `group` is the group that a row of a type stands for, where that type has only one. @typedef {{what: string, id:
 * string, name: string, type: Type | "left", level: 0 | 1 | 2, amount: number, average: number, count: number, cells:
 * Map<string, Cell>, children: Row[], rank: number, group: string}} Row */

/** @typedef {{unit: Unit, span: Span, periods: Period[], completeMonths: number, income: Row, expenses: Row, left:
 * Row, none: Row, rows: Row[]}} Figures */

/** The groups beyond this many share a colour. */
export const COLOURS = 7;

/** The groups of expenses by what they cost in the whole ledger: the first seven keep their colour in every view.
 * @param {Pivot} whole @returns {Map<number, number>} rank by group */
export function ranks(whole) {
  const groups = whole.groups.filter((group) => group.categories[0]?.type === "expenses");
  groups.sort((one, two) => one.amount - two.amount || one.id - two.id);
  return new Map(groups.map((group, place) => [group.id, Math.min(place, COLOURS)]));
}

/** @param {Pivot} pivot @param {Span} span @param {Map<number, number>} rankOf @param {Format} format
 * @param {Record<Type | "left", string>} names @returns {Figures} */
export function figuresOf(pivot, span, rankOf, format, names) {
  const unit = /** @type {Unit} */ (pivot.unit);
  const groups = pivot.groups.map((group) => groupRow(group, rankOf));
  /** @param {Type} type @returns {Row} */
  const total = (type) => {
    const children = groups.filter((row) => row.type === type).sort((one, two) => sorted(type, one, two));
    const merged = type !== "expenses" && children.length === 1 ? children[0] : null;
    const below = merged ? merged.children.map((child) => ({ ...child, level: /** @type {1} */ (1) })) : children;
    return { ...row(type, type, names[type], type, 0, pivot.totals[type]), children: below, group: merged?.id ?? "" };
  };
  const [income, expenses, none] = [total("income"), total("expenses"), total("none")];
  const left = leftOf(income, expenses, names.left, format);
  const rows = [income, expenses, left, ...(none.count ? [none] : [])];
  const { completeMonths } = pivot;
  return { unit, span, periods: periodsOf(pivot, span, unit), completeMonths, income, expenses, left, none, rows };
}

/** @param {Type} type @param {Row} one @param {Row} two */
function sorted(type, one, two) {
  return type === "income" ? two.amount - one.amount : one.amount - two.amount;
}

/** All periods of the answer, those without a transaction in between too. @param {Pivot} pivot @param {Span} span
 * @param {Unit} unit @returns {Period[]} */
function periodsOf(pivot, span, unit) {
  const { coverage, from, to } = pivot;
  if (!coverage || !from || !to) return [];
  return periods(from.slice(0, 10), to.slice(0, 10), unit).map((start) => {
    const end = after(start, unit);
    return {
      start,
      from: start < span.from ? span.from : start,
      to: end > span.to ? span.to : end,
      complete: start >= coverage.from && addDays(end, -1) <= coverage.to,
    };
  });
}

/** @param {string} what @param {string} id @param {string} name @param {Type | "left"} type @param {0 | 1 | 2} level
 * @param {{amount: number, average: number, count: number, values: {from: string, amount: number, count: number}[]}}
 * data @returns {Row} */
function row(what, id, name, type, level, { amount, average, count, values }) {
  const cells = new Map(values.map(({ from, ...cell }) => [from.slice(0, 10), cell]));
  return { what, id, name, type, level, amount, average, count, cells, children: [], rank: COLOURS, group: "" };
}

/** @param {Pivot["groups"][number]} group @param {Map<number, number>} rankOf @returns {Row} */
function groupRow(group, rankOf) {
  const type = group.categories[0].type;
  const children = group.categories
    .map((category) => row(`c${category.id}`, String(category.id), sentenceCase(category.name), type, 2, category))
    .sort((one, two) => sorted(type, one, two));
  return {
    ...row(`g${group.id}`, String(group.id), sentenceCase(group.name), type, 1, group),
    children,
    rank: rankOf.get(group.id) ?? COLOURS,
  };
}

/** What income and expenses leave. Its average is the difference of the two that are shown, so that they add up.
 * @param {Row} income @param {Row} expenses @param {string} name @param {Format} format @returns {Row} */
function leftOf(income, expenses, name, format) {
  /** @type {Map<string, Cell>} */
  const cells = new Map();
  for (const start of [...income.cells.keys(), ...expenses.cells.keys()]) {
    const both = [income, expenses].map((side) => side.cells.get(start) ?? { amount: 0, count: 0 });
    cells.set(start, { amount: format.sum(both[0].amount, both[1].amount), count: both[0].count + both[1].count });
  }
  return {
    ...row("left", "left", name, "left", 0, { amount: 0, average: 0, count: 0, values: [] }),
    amount: format.sum(income.amount, expenses.amount),
    average: format.sum(income.average, expenses.average),
    count: income.count + expenses.count,
    cells,
  };
}

/** The amount and count that a selection stands for, and the name of its row; null if the figures do not show it.
 * @param {Figures} figures @param {Selection} selection @param {Format} format
 * @returns {{name: string, cell: Cell} | null} */
export function cellOf(figures, { what, from, to }, format) {
  const other = figures.expenses.children.filter((child) => child.rank === COLOURS);
  const rows = what === "other" ? other : [find(figures.rows, what)].filter((found) => found !== null);
  const isWhole = from === figures.span.from && to === figures.span.to;
  const period = figures.periods.find((each) => each.from === from && each.to === to);
  if (!rows.length || (!isWhole && !period)) return null;
  const cells = rows.map((each) => (isWhole ? each : each.cells.get(period?.start ?? "")) ?? { amount: 0, count: 0 });
  return {
    name: what === "other" ? "" : rows[0].name,
    cell: {
      amount: format.sum(...cells.map((cell) => cell.amount)),
      count: cells.reduce((sum, cell) => sum + cell.count, 0),
    },
  };
}

/** @param {Row[]} rows @param {string} what @returns {Row | null} */
export function find(rows, what) {
  for (const each of rows) {
    if (each.what === what || (each.group && `g${each.group}` === what)) return each;
    const below = find(each.children, what);
    if (below) return below;
  }
  return null;
}
