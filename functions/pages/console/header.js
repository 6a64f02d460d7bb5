// @ts-check
// The page's head: whose ledger it is, the tools, the language.

import { byId, button, el, foreign } from "./dom.js";
import { language, t } from "./texts.js";

/** @import { App } from "./app.js" */

/** @param {App} app */
export function header(app) {
  document.documentElement.lang = language();
  byId("customer").replaceChildren(...customer(app));
  byId("tools").setAttribute("aria-label", t("tools"));
  const next = language() === "en" ? "nl" : "en";
  byId("tools").replaceChildren(tool(app, "imports", t("import")), tool(app, "downloads", t("download")),
    button(next.toUpperCase(), () => app.go({ lang: next }, true), { id: "language", lang: next, class: "quiet" }),
    button(t("otherKey"), app.leave, { id: "other-key", class: "quiet" }));
}

/** @param {App} app */
function customer(app) {
  const id = app.view.customer || app.first;
  if (app.customers.length === 1 && id === app.customers[0].customerId) {
    return [el("span", { class: "hidden-text" }, `${t("customer")}: `), foreign(id, "customer-id")];
  }
  const known = app.customers.some((each) => each.customerId === id);
  const options = app.customers.map(({ customerId }) =>
    el("option", { value: customerId, selected: customerId === id }, customerId));
  if (!known) options.unshift(el("option", { value: "", selected: true }, t("choose")));
  const select = el("select", { id: "customer-choice" }, ...options);
  select.addEventListener("change", () => app.go({ customer: select.value, open: [] }));
  return [el("label", { for: "customer-choice" }, el("span", { class: "hidden-text" }, t("customer")), select)];
}

/** @param {App} app @param {"imports" | "downloads"} name @param {string} label */
function tool(app, name, label) {
  const isOpen = !byId(name).hidden;
  const isOff = !app.customer.customerId || (name === "downloads" && !app.ledger);
  const marks = { id: `tool-${name}`, "aria-expanded": String(isOpen), "aria-controls": name };
  return button(label, () => app.openTool(name), { ...marks, disabled: isOff });
}
