// @ts-check
// Takes the view out as a file: tables at once, transactions when their file has been made. A link needs no key.

import { curl, pause } from "./api.js";
import { button, el, foreign } from "./dom.js";
import { callView, problemView } from "./parts.js";
import { t } from "./texts.js";

/** @import { App } from "./app.js" */
/** @import { DownloadLink } from "./api.js" */
/** @typedef {Record<string, unknown>} Filters */

/** @type {Record<"tables" | "transactions", [string, Filters][]>} */
const CHOICES = {
  tables: [["xlsx", { type: "xlsx" }], ["csvForExcel", { type: "csv", for: "excel" }], ["csv", { type: "csv" }],
    ["json", { type: "json" }]],
  transactions: [["xlsx", { type: "xlsx" }], ["csv", { type: "csv" }], ["json", { type: "json" }]],
};

/** The formats to choose from, and what became of the choice. @param {App} app
 * @param {"tables" | "transactions"} report @param {Filters} filters of the view: what is undefined is left out */
export function downloadChoices(app, report, filters) {
  const result = el("div", { class: "result", role: "status" });
  const buttons = CHOICES[report].map(([name, format]) =>
    button(t(/** @type {"xlsx"} */ (name)), () => download(format), { "data-download": `${report}:${name}` }));
  const path = ["api", "v1", "customer", app.customer.customerId, "downloads"];

  /** @param {Filters} format */
  async function download(format) {
    const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== "");
    const wanted = report === "transactions" ? { report, ...format } : format;
    const json = { ...wanted, ...Object.fromEntries(given) };
    for (const each of buttons) each.disabled = true;
    result.replaceChildren(t("makingFile"));
    try {
      let answer = await app.api.call("POST", path, { json });
      while (answer.status === "running") {
        result.replaceChildren(t("makingRows", { rows: answer.rows, of: answer.of }));
        await pause(1);
        answer = await app.api.get([...path, answer.downloadId]);
      }
      const parts = answer.url ? link(app, answer) : [t("fileFailed")];
      result.replaceChildren(...parts, callView(curl("POST", path, { json }), "downloads"));
    } catch (error) {
      result.replaceChildren(problemView(error, () => download(format)));
    }
    for (const each of buttons) each.disabled = false;
  }

  const title = t(report === "tables" ? "downloadTables" : "downloadTransactions");
  return el("div", { class: "choices", role: "group", "aria-label": title },
    el("h3", {}, title), el("p", { class: "buttons" }, ...buttons), result);
}

/** Follows a link, and leaves it on the page for as long as it lives. @param {App} app
 * @param {DownloadLink} answer */
function link(app, { url, filename, rows, expiresAt }) {
  const anchor = el("a", { href: url, download: filename, rel: "noreferrer" }, foreign(filename));
  anchor.click();
  const until = new Intl.DateTimeFormat(app.format.locale, { timeStyle: "short" }).format(new Date(expiresAt));
  return [anchor, el("span", { class: "small" }, ` ${t("rowsUntil", { n: rows, until })}`)];
}
