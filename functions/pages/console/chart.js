// @ts-check
// The chart: income beside stacked expenses, both upward, refunds below zero; beneath, on its own axis, what is left.
// It is SVG, so that its text can be selected, its values read, and its colours are the style sheet's.

import { el, svg } from "./dom.js";
import { t } from "./texts.js";
import { COLOURS } from "./figures.js";

/** @import { Figures, Period, Row } from "./figures.js" */
/** @import { Format } from "./format.js" */
/** @typedef {(what: string, period: Period | null) => void} Pick */

/** @typedef {{width: number, band: number, left: number, figures: Figures, format: Format, pick: Pick}} Frame */
/** @typedef {(value: number) => number} Scale */

const MARGIN = { left: 52, right: 6, top: 26, bottom: 32 };
const STRIP = 46;
const GAP = 14;

/** @param {Figures} figures @param {Format} format @param {number} width @param {number} height
 * @param {Pick} pick what a click on a bar does */
export function chart(figures, format, width, height, pick) {
  const band = (width - MARGIN.left - MARGIN.right) / Math.max(figures.periods.length, 1);
  /** @type {Frame} */
  const frame = { width, band, left: MARGIN.left, figures, format, pick };
  const zero = height - MARGIN.bottom - STRIP - GAP;
  const average = figures.unit === "month" && figures.completeMonths ? -figures.expenses.average : 0;
  const { low, high } = reach(figures, average);
  const { scale, ticks } = axis(low, high, MARGIN.top, zero, 5);
  const drawn = figures.periods.map((period, place) => drawPeriod(frame, period, place, scale));
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": t("chartLabel") },
    svg("defs", {}, hatch()), ...ticks.map((tick) => grid(frame, scale(tick), format.whole(tick), tick === 0)),
    ...drawn, average > 0 ? averageLine(frame, scale(average), average) : null,
    strip(frame, zero + GAP, zero + GAP + STRIP), ...axisLabels(frame, height - MARGIN.bottom + 12));
}

/** Lines in the colour of the ground, laid over the bars of a period that is not complete. */
function hatch() {
  const size = 6;
  const line = svg("path", { d: `M-1,1 l2,-2 M0,${size} l${size},-${size} M5,7 l2,-2`, class: "hatch" });
  return svg("pattern", { id: "hatch", width: size, height: size, patternUnits: "userSpaceOnUse" }, line);
}

/** @param {Row} row @param {Period} period */
function valueOf(row, period) {
  return row.cells.get(period.start)?.amount ?? 0;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** How far the bars reach, below and above zero. @param {Figures} figures @param {number} average */
function reach({ periods, income, expenses }, average) {
  let [low, high] = [0, Math.max(average, 1)];
  for (const period of periods) {
    const heights = expenses.children.map((row) => -valueOf(row, period));
    high = Math.max(high, valueOf(income, period), sum(heights.filter((value) => value > 0)));
    low = Math.min(low, valueOf(income, period), sum(heights.filter((value) => value < 0)));
  }
  return { low, high };
}

/** A scale from values to places between `top` and `bottom`, and its round ticks. @param {number} low
 * @param {number} high @param {number} top @param {number} bottom @param {number} most how many ticks at most */
function axis(low, high, top, bottom, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
  /** @type {Scale} */
  const scale = (value) => bottom - ((value - first * step) / ((last - first) * step)) * (bottom - top);
  return { scale, ticks };
}

/** @param {Frame} frame @param {number} y @param {string} label @param {boolean} isZero */
function grid({ width, left }, y, label, isZero) {
  return svg("g", { class: isZero ? "grid zero" : "grid" },
    svg("line", { x1: left, x2: width - MARGIN.right, y1: y, y2: y }),
    svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, label));
}

/** @param {Frame} frame @param {Period} period @param {number} place @param {Scale} scale */
function drawPeriod(frame, period, place, scale) {
  const { figures, band, left } = frame;
  const x = left + place * band;
  const wide = Math.max(Math.min(band * 0.36, 44), 1);
  const middle = x + band / 2;
  const income = valueOf(figures.income, period);
  /** @type {(SVGElement | null)[]} */
  const bars = [];
  bars.push(bar(frame, "income", figures.income, period, "income", middle - wide - 1, wide, scale(0), scale(income)));
  const ranked = [...figures.expenses.children].sort((one, two) => one.rank - two.rank);
  const ends = { up: 0, down: 0 };
  const stacked = ranked.map((row) => {
    const value = -valueOf(row, period);
    const side = value < 0 ? "down" : "up";
    const [from, to] = [ends[side], ends[side] + value];
    ends[side] = to;
    const tone = `tone-${row.rank}`;
    return { row, bar: bar(frame, row.id, row, period, tone, middle + 1, wide, scale(from), scale(to)) };
  });
  bars.push(...stacked.filter(({ row }) => row.rank < COLOURS).map((each) => each.bar));
  const others = stacked.filter(({ row }) => row.rank === COLOURS);
  const other = frame.format.sum(...others.map(({ row }) => valueOf(row, period)));
  if (others.length) {
    const marks = { "data-bar": `other:${period.start}`, "data-value": other };
    bars.push(svg("g", marks, ...others.map((each) => each.bar)));
  }
  if (!period.complete) {
    const [top, bottom] = [scale(Math.max(income, ends.up)), scale(Math.min(0, ends.down, income))];
    const box = { x: middle - wide - 3, width: 2 * wide + 6, y: top - 2, height: bottom - top + 2 };
    bars.push(svg("rect", { ...box, class: "incomplete", "data-incomplete": period.start }));
  }
  return svg("g", { class: "period" }, ...bars);
}

/** A bar between two heights. A pixel less than its height: the gap that keeps it apart from the next.
 * @param {Frame} frame @param {string} id @param {Row} row @param {Period} period @param {string} tone
 * @param {number} x @param {number} width @param {number} y0 @param {number} y1 */
function bar(frame, id, row, period, tone, x, width, y0, y1) {
  const cell = row.cells.get(period.start);
  if (!cell) return null;
  const height = Math.abs(y1 - y0);
  const place = { x, width, y: Math.min(y0, y1), height: height > 2 ? height - 1 : height };
  const { label, year } = frame.format.period(period.start, frame.figures.unit);
  const title = `${row.name}, ${label} ${year}: ${frame.format.exact(cell.amount)}`;
  const marks = { "data-bar": `${id}:${period.start}`, "data-value": cell.amount, class: `bar ${tone}` };
  const onclick = () => frame.pick(row.what, period);
  return svg("rect", { ...place, ...marks, onclick }, svg("title", {}, title));
}

/** @param {Frame} frame @param {number} y @param {number} average */
function averageLine({ width, left, figures, format }, y, average) {
  const months = t("completeMonths", { n: figures.completeMonths });
  const label = t(width < 340 ? "averageShort" : "averageLine", { value: format.rounded(average), months });
  const end = width - MARGIN.right;
  const start = width < 600 ? 0 : left;
  return svg("g", { class: "average", "data-figure": "chart:average", "data-value": figures.expenses.average },
    svg("line", { x1: left, x2: end, y1: y, y2: y }), svg("line", { x1: start, x2: start + 26, y1: 10, y2: 10 }),
    svg("text", { x: start + 32, y: 14 }, label));
}

/** @param {Frame} frame @param {number} top @param {number} bottom */
function strip(frame, top, bottom) {
  const { figures, format, band, left, width } = frame;
  const values = figures.periods.map((period) => valueOf(figures.left, period));
  const { scale, ticks } = axis(Math.min(0, ...values), Math.max(1, ...values), top, bottom, 2);
  const wide = Math.max(Math.min(band * 0.36, 44), 1) * 2;
  const ends = [...new Set([ticks[0], 0, ticks[ticks.length - 1]])];
  const bars = figures.periods.map((period, place) => {
    const x = left + place * band + (band - wide) / 2;
    return bar(frame, "left", figures.left, period, "left", x, wide, scale(0), scale(values[place]));
  });
  const labels = ends.filter((tick) => tick === 0 || Math.abs(scale(tick) - scale(0)) > 11);
  return svg("g", { class: "strip" },
    ...labels.map((tick) => grid(frame, scale(tick), format.whole(tick), tick === 0)), ...bars,
    svg("text", { x: width - 10, y: top - 3, "text-anchor": "end", class: "strip-name" }, figures.left.name));
}

/** @param {Frame} frame @param {number} y */
function axisLabels({ figures, format, band, left }, y) {
  const every = Math.ceil(34 / band);
  let lastYear = "";
  return figures.periods.map((period, place) => {
    if (place % every) return null;
    const { label, year } = format.period(period.start, figures.unit);
    const isNewYear = year !== lastYear;
    lastYear = year;
    const x = left + (place + 0.5) * band;
    return svg("text", { "text-anchor": "middle", y, class: "axis" },
      svg("tspan", { x }, period.complete ? label : `${label} *`),
      isNewYear ? svg("tspan", { x, dy: 13 }, year) : null);
  });
}

/** What the colours stand for, in the order of the stack from below; each name lists what is behind it.
 * @param {Figures} figures @param {Pick} pick */
export function legend(figures, pick) {
  const shown = figures.expenses.children.filter((row) => row.rank < COLOURS && row.count);
  const others = figures.expenses.children.filter((row) => row.rank === COLOURS && row.count);
  const items = [item("income", figures.income.name, () => pick("income", null))];
  for (const row of shown.sort((one, two) => one.rank - two.rank)) {
    items.push(item(`tone-${row.rank}`, row.name, () => pick(row.what, null)));
  }
  if (others.length) items.push(item("tone-other", t("other", { n: others.length }), () => pick("other", null)));
  return el("ul", { class: "legend", "aria-label": t("legendLabel") }, ...items);
}

/** @param {string} tone @param {string} name @param {() => void} onclick */
function item(tone, name, onclick) {
  const swatch = svg("svg", { width: 12, height: 12, "aria-hidden": "true" },
    svg("rect", { x: 1, y: 1, width: 10, height: 10, class: `bar ${tone}` }));
  return el("li", {}, el("button", { type: "button", onclick }, swatch, name));
}
