// @ts-check
// What the page shows, kept in the fragment of its address: Back works, and a link shows the same. No key is in it.

import { PRESETS, UNITS, isDay } from "./spans.js";

/** @import { Preset, Unit } from "./spans.js" */

/** `list` is what the listing shows, or "": `what:from:to`, where `what` is `g` and a group, `c` and a category, or
 * `income`, `expenses`, `left`, `none`, `other`; the span is half-open. @typedef {{customer: string, span: Preset,
 * from: string, to: string, unit: Unit, open: string[], list: string, text: string, lang: string}} View */

/** @typedef {{what: string, from: string, to: string}} Selection */

/** @param {string} fragment @returns {View} */
export function readView(fragment) {
  const params = new URLSearchParams(fragment.replace(/^#/, ""));
  const [from, to] = ["from", "to"].map((name) => params.get(name) ?? "").map((day) => (isDay(day) ? day : ""));
  const preset = among(PRESETS, params.get("span"), "12m");
  const isOwn = preset === "own" && from !== "" && from < to;
  return {
    customer: params.get("customer") ?? "",
    span: preset === "own" && !isOwn ? "12m" : preset,
    from: isOwn ? from : "",
    to: isOwn ? to : "",
    unit: among(UNITS, params.get("unit"), "month"),
    open: params.get("open")?.split(",").filter(Boolean) ?? [],
    list: selectionOf(params.get("list") ?? "") ? (params.get("list") ?? "") : "",
    text: params.get("text") ?? "",
    lang: among(["en", "nl", ""], params.get("lang"), ""),
  };
}

/** The fragment of a view; what is as it is at first is left out. @param {View} view */
export function fragmentOf(view) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) {
    const shown = String(value);
    if (shown && shown !== { span: "12m", unit: "month" }[name]) params.set(name, shown);
  }
  return `#${params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
}

/** @param {string} list @returns {Selection | null} */
export function selectionOf(list) {
  const [what, from, to] = list.split(":");
  const known = /^([gc]\d+|income|expenses|left|none|other)$/.test(what);
  return known && isDay(from ?? "") && isDay(to ?? "") && from < to ? { what, from, to } : null;
}

/** @param {Selection} selection */
export function listOf({ what, from, to }) {
  return `${what}:${from}:${to}`;
}

/** @template {string} T @param {readonly T[]} values @param {string | null} value @param {T} otherwise @returns {T}
 */
function among(values, value, otherwise) {
  return values.find((known) => known === value) ?? otherwise;
}
