// @ts-check
// Days and periods, in UTC, as `yyyy-mm-dd`. Spans are half-open, as in the API: `to` is the first day outside.

/** @typedef {"day" | "week" | "month" | "quarter" | "semester" | "year"} Unit */
/** @typedef {{from: string, to: string}} Span */
/** @typedef {"12m" | "3m" | "this-year" | "last-year" | "all" | "own"} Preset */

/** @type {Unit[]} */
export const UNITS = ["day", "week", "month", "quarter", "semester", "year"];
/** @type {Preset[]} */
export const PRESETS = ["12m", "3m", "this-year", "last-year", "all", "own"];
/** How many columns a table may have before it stops being one that can be read. */
export const MOST_PERIODS = 125;

const MONTHS = { month: 1, quarter: 3, semester: 6, year: 12 };

/** @param {string} day */
export function isDay(day) {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && text(new Date(day)) === day;
}

/** @param {string} day @param {number} count */
export function addDays(day, count) {
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() + count);
  return text(date);
}

/** The first day of the period that holds a day. @param {string} day @param {Unit} unit */
export function startOf(day, unit) {
  if (unit === "day") return day;
  const date = new Date(day);
  if (unit === "week") return addDays(day, -((date.getUTCDay() + 6) % 7));
  const month = date.getUTCMonth();
  return text(new Date(Date.UTC(date.getUTCFullYear(), month - (month % MONTHS[unit]), 1)));
}

/** The first day of the period that comes `count` periods after the one that begins on `start`. @param {string} start
 * @param {Unit} unit @param {number} [count] */
export function after(start, unit, count = 1) {
  if (unit === "day") return addDays(start, count);
  if (unit === "week") return addDays(start, 7 * count);
  const date = new Date(start);
  return text(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count * MONTHS[unit], 1)));
}

/** The first days of all periods from one that holds `first` to one that holds `last`. @param {string} first
 * @param {string} last @param {Unit} unit */
export function periods(first, last, unit) {
  const starts = [];
  for (let start = startOf(first, unit); start <= last; start = after(start, unit)) starts.push(start);
  return starts;
}

/** How many periods lie between two days, without making them all. @param {string} first @param {string} last
 * @param {Unit} unit */
export function countPeriods(first, last, unit) {
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000;
  return Math.ceil(days / { day: 1, week: 7, month: 30.4, quarter: 91.3, semester: 182.6, year: 365 }[unit]) + 1;
}

/** The span of a preset, counted from the ledger's last day, never from today; `own` is `own` itself.
 * @param {Preset} preset @param {Span} own @param {{from: string, to: string}} ledger its first and its last day
 * @returns {Span} */
export function spanOf(preset, own, ledger) {
  const month = startOf(ledger.to, "month");
  const year = startOf(ledger.to, "year");
  switch (preset) {
    case "12m": return { from: after(month, "month", -11), to: after(month, "month") };
    case "3m": return { from: after(month, "month", -2), to: after(month, "month") };
    case "this-year": return { from: year, to: after(year, "year") };
    case "last-year": return { from: after(year, "year", -1), to: year };
    case "all": return { from: ledger.from, to: addDays(ledger.to, 1) };
    case "own": return { from: own.from, to: own.to };
  }
}

/** @param {string} day */
export function isoWeek(day) {
  const thursday = addDays(startOf(day, "week"), 3);
  const year = thursday.slice(0, 4);
  const days = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000;
  return { year, week: Math.floor(days / 7) + 1 };
}

/** @param {Date} date */
function text(date) {
  return date.toISOString().slice(0, 10);
}
