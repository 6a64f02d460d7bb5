// @ts-check
// Where no key is known: asks for one, which stays in memory, and for the customer to show.

import { Api, Problem } from "./api.js";
import { button, el } from "./dom.js";
import { problemView } from "./parts.js";
import { t } from "./texts.js";

/** @import { Customer } from "./api.js" */

/** More customers than this are not offered to choose from; a link to one of them works all the same. */
const MOST = 1000;

/** Shows the form; calls `enter` with a key that was accepted, and the customers it may see.
 * @param {HTMLElement} section @param {(api: Api, customers: Customer[]) => void} enter */
export function door(section, enter) {
  const key = el("input", { type: "password", id: "key", autocomplete: "off", required: true, spellcheck: "false" });
  const id = el("input", { type: "text", id: "customer-id", autocomplete: "off", spellcheck: "false" });
  const byId = el("p", { hidden: true }, el("label", { for: "customer-id" }, t("customerId")), id);
  const answer = el("div", { role: "status" });
  const submit = button(t("enter"), () => {}, { type: "submit", class: "main" });
  const form = el("form", {}, el("h2", {}, t("doorTitle")), el("p", {}, t("doorText")),
    el("p", {}, el("label", { for: "key" }, t("key")), key), byId, submit, answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    answer.replaceChildren(t("loading"));
    const api = new Api(key.value.trim());
    try {
      const customers = id.value ? [await customerOf(api, id.value.trim())] : await allCustomers(api);
      section.hidden = true;
      section.replaceChildren();
      enter(api, customers);
    } catch (error) {
      byId.hidden = !(error instanceof Problem && error.scope) && byId.hidden;
      answer.replaceChildren(problemView(error, null));
    }
    submit.disabled = false;
  });
  section.replaceChildren(form);
  section.hidden = false;
  key.focus();
}

/** @param {Api} api @param {string} customerId @returns {Promise<Customer>} */
export function customerOf(api, customerId) {
  return api.get(["api", "v1", "customer", customerId]);
}

/** The customers that a key may see, in pages of a hundred. @param {Api} api @returns {Promise<Customer[]>} */
export async function allCustomers(api) {
  const customers = [];
  let cursor;
  do {
    const page = await api.get(["api", "v1", "customers"], { limit: 100, cursor });
    customers.push(...page.customers);
    cursor = page.paging.next;
  } while (cursor && customers.length < MOST);
  return customers;
}
