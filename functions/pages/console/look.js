// @ts-check
// A look at a statement: LinX's call, which answers the pivot of a file and keeps nothing of it.

import { curl } from "./api.js";
import { amount, el } from "./dom.js";
import { sentenceCase } from "./format.js";
import { callView } from "./parts.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { Pivot } from "./api.js" */

const MONTHLY = "3";

/** What is in a statement: its days, and its groups with total and average. @param {App} app
 * @param {File} file @param {string} signs `bank` or `card` where the file does not tell */
export async function look(app, file, signs) {
  const { format, customer } = app;
  /** @type {Record<string, string>} */
  const headers = { "X-Request-ID": crypto.randomUUID(), Unit: MONTHLY, Scheme: customer.scheme };
  if (signs) headers.Signs = signs;
  const path = ["api", "linx", "pivot"];
  /** @type {Pivot} */
  const pivot = await app.api.call("POST", path, { bytes: file, headers });
  const count = pivot.totals.income.count + pivot.totals.expenses.count + pivot.totals.none.count;
  const days = pivot.coverage ? `${format.day(pivot.coverage.from)} – ${format.day(pivot.coverage.to)}` : "";
  const spent = pivot.groups.filter((group) => group.categories[0].type === "expenses");
  const groups = spent.sort((one, two) => one.amount - two.amount);
  /** @param {string} name @param {{amount: number, average: number, count: number}} sums @param {string} [kind] */
  const line = (name, sums, kind) =>
    el("tr", { class: kind }, el("th", { scope: "row" }, name), el("td", {}, String(sums.count)),
      el("td", {}, amount(sums.amount, format.exact(sums.amount), `look:${name}`)),
      el("td", {}, pivot.completeMonths ? amount(sums.average, format.exact(sums.average)) : "–"));
  const heads = [t("group"), t("count"), t("total"), `${t("average")} ${t("aMonth")}`];
  const table = el(
    "table",
    {},
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, line(t("income"), pivot.totals.income, "level-0"),
      line(t("expenses"), pivot.totals.expenses, "level-0"),
      ...groups.map((group) => line(sentenceCase(group.name), group))),
  );
  const months = pivot.completeMonths ? t("completeMonths", { n: pivot.completeMonths }) : t("noMonth");
  return el("div", { class: "look" },
    el("p", {}, `${t("transactions", { n: count })}, ${days} · ${months} · ${t("nothingKept")}`),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("look") }, table),
    callView(curl("POST", path, { filename: file.name, headers: { ...headers, "X-Request-ID": "look-1" } }), "linx"));
}
