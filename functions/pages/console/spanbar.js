// @ts-check
// The bar that chooses the span, by presets counted from the ledger's last day or by days of one's own, and the unit.

import { button, el } from "./dom.js";
import { MOST_PERIODS, PRESETS, UNITS, addDays, countPeriods } from "./spans.js";
import { t } from "./texts.js";

/** @import { Span } from "./spans.js" */
/** @import { View } from "./view.js" */
/** @import { Format } from "./format.js" */

/** @param {View} view @param {Span} span what the view's preset comes to @param {(change: Partial<View>) => void} go
 * @param {Format} format */
export function spanBar(view, span, go, format) {
  const presets = PRESETS.map((preset) =>
    button(t(preset),
      () => go({ span: preset, from: preset === "own" ? span.from : "", to: preset === "own" ? span.to : "" }),
      { "aria-pressed": String(view.span === preset), "data-span": preset }),
  );
  const units = UNITS.map((unit) => {
    const isTooFine = countPeriods(span.from, addDays(span.to, -1), unit) > MOST_PERIODS;
    return el("option", { value: unit, selected: unit === view.unit, disabled: isTooFine }, t(unit));
  });
  const unit = el("select", { id: "unit" }, ...units);
  unit.addEventListener("change", () => go({ unit: /** @type {View["unit"]} */ (unit.value) }));
  const last = addDays(span.to, -1);
  const days = el("span", { class: "days" }, `${format.day(span.from)} – ${format.day(last)}`);
  return [el("div", { class: "presets", role: "group", "aria-label": t("spanLabel") }, ...presets),
    el("label", { for: "unit" }, el("span", {}, `${t("by")} `), unit),
    view.span === "own" ? ownDays(span, last, go) : days];
}

/** The days of one's own: both inside, as people say them. @param {Span} span @param {string} last
 * @param {(change: Partial<View>) => void} go */
function ownDays(span, last, go) {
  const from = el("input", { type: "date", id: "from", value: span.from, required: true });
  const to = el("input", { type: "date", id: "to", value: last, required: true });
  const form = el("form", { class: "days" }, el("label", { for: "from" }, t("from")), from,
    el("label", { for: "to" }, t("through")), to, button(t("show"), () => {}, { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const isBackwards = to.value < from.value;
    to.setCustomValidity(isBackwards ? t("backwards") : "");
    if (form.reportValidity()) go({ span: "own", from: from.value, to: addDays(to.value, 1) });
  });
  to.addEventListener("input", () => to.setCustomValidity(""));
  return form;
}
