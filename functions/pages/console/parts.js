// @ts-check
// Parts that several views have: a problem in words with what to do about it, and the call that made a view.

import { Problem } from "./api.js";
import { button, el } from "./dom.js";
import { t } from "./texts.js";

/** What went wrong, in a sentence. Throws on what is no answer of the API: that is a mistake of ours.
 * @param {unknown} error */
export function problemText(error) {
  if (!(error instanceof Problem)) throw error;
  if (error.scope) return t("missingScope", { scope: error.scope });
  if (error.status === 0) return t("noAnswer");
  if (error.status === 403) return t("refusedKey");
  if (error.code === "404.1") return t("noCustomer");
  if (error.status === 413) return t("tooLarge");
  return error.message || t("failedWith", { status: error.status });
}

/** @param {unknown} error @param {(() => void) | null} again what tries once more */
export function problemView(error, again) {
  const text = problemText(error);
  const requestId = error instanceof Problem && error.requestId && error.status !== 403 ? error.requestId : "";
  return el("div", { class: "problem", role: "alert" }, el("p", {}, text),
    requestId ? el("p", { class: "small" }, `${t("requestId")} `, el("code", {}, requestId)) : null,
    again ? button(t("tryAgain"), again) : null);
}

/** Nothing to show, and what to do about it. @param {string} title @param {string} text
 * @param {HTMLElement | null} action */
export function emptyView(title, text, action) {
  return el("div", { class: "empty" }, title ? el("h2", {}, title) : null, el("p", {}, text), action);
}

/** The call that made a view, as curl, to copy. @param {string} command
 * @param {string} what its path, to tell several apart */
export function callView(command, what) {
  const code = el("code", {}, command);
  const copy = button(t("copy"), async () => {
    getSelection()?.selectAllChildren(code);
    await navigator.clipboard?.writeText(command);
    copy.textContent = t("copied");
    setTimeout(() => (copy.textContent = t("copy")), 2000);
  });
  return el("details", { class: "call" }, el("summary", {}, t("call")),
    el("div", {}, el("pre", { tabindex: 0, role: "region", "aria-label": what }, code), copy));
}
