// @ts-check
// One transaction of the listing: its category can be changed in place, then all like it; it can be deleted and
// brought back; and it tells why it has its category.

import { amount, button, el, foreign } from "./dom.js";
import { sentenceCase } from "./format.js";
import { problemText } from "./parts.js";
import { t } from "./texts.js";

/** @import { GroupShape, Transaction } from "./api.js" */
/** @import { App } from "./app.js" */
/** @import { Corrections } from "./corrections.js" */

/** `state`: `here` is as it was listed, `kept` changed within what is listed, `moved` and `deleted` no longer belong.
 * @typedef {{transaction: Transaction, node: HTMLLIElement, state: "here" | "kept" | "moved" | "deleted", show:
 * (category: number) => void, back: () => void}} Row */

/** The listing that a row stands in; `holds` says whether it lists a category.
 * @typedef {{rows: () => Row[], holds: (category: number) => boolean, changed: () => void}} Around */

/** @param {App} app @param {Corrections} corrections @param {Transaction} former the transaction as it was listed
 * @param {Around} around @returns {Row} */
export function transactionRow(app, corrections, former, around) {
  const { format } = app;
  const select = /** @type {HTMLSelectElement} */ (app.categories.cloneNode(true));
  const who = former.counterparty || former.text || former.reference || t("noText");
  const note = el("div", { class: "note", role: "status" });
  const remove = button(t("delete"), () => act(deleted), { class: "quiet", "aria-label": t("deleteThis", { who }) });
  select.setAttribute("aria-label", t("categoryOf", { who }));
  select.value = String(former.transactionTypeID);
  const node = el("li", { "data-transaction": former.transactionID },
    el("time", { datetime: former.transactionDate }, format.moment(former.transactionDate)),
    el("div", { class: "who" }, foreign(who), former.counterparty ? foreign(former.text, "text") : null),
    select, amount(former.value, format.exact(former.value)), remove, why(app, former), note);
  /** @type {Row} */
  const row = { transaction: former, node, state: "here", show, back };

  /** The row as one that has another category. @param {number} category */
  function show(category) {
    const isSame = category === former.transactionTypeID;
    select.value = String(category);
    row.state = node.dataset.state = isSame ? "here" : around.holds(category) ? "kept" : "moved";
  }

  /** The row as it was listed. */
  function back() {
    show(former.transactionTypeID);
    [remove.hidden, select.disabled] = [false, false];
    note.replaceChildren();
  }

  let queue = Promise.resolve();

  /** Does one thing after the other: each begins with what the one before left. @param {() => Promise<void>} task */
  function act(task) {
    queue = queue.then(() => run(task));
  }

  /** @param {() => Promise<void>} task */
  async function run(task) {
    node.setAttribute("aria-busy", "true");
    note.querySelector(".error")?.remove();
    try {
      await task();
    } catch (error) {
      if (row.state !== "deleted") select.value = select.dataset.was ?? String(former.transactionTypeID);
      note.append(el("span", { class: "error" }, problemText(error)));
    }
    node.removeAttribute("aria-busy");
  }

  async function corrected() {
    const category = Number(select.value);
    await corrections.setCategories([former], () => category);
    select.dataset.was = select.value;
    show(category);
    const undo = button(t("undo"), () => act(() => undone([former])), { "data-undo": true });
    const moved = el("span", {}, t("movedTo", { name: nameOf(app, category) }));
    const looking = el("span", {}, t("looking"));
    note.replaceChildren(moved, undo, looking);
    around.changed();
    run(() => offer(category, looking));
  }

  /** Offers to move all that are alike, unless something else was done in between. @param {number} category
   * @param {HTMLElement} looking */
  async function offer(category, looking) {
    const alike = await corrections.alike(former).finally(() => (looking.hidden = true));
    const label = t("moreLikeThis", { n: alike.length });
    const more = button(label, () => act(() => all(alike, category)), { "data-alike": alike.length });
    if (alike.length && note.contains(looking)) note.append(more);
  }

  /** @param {Transaction[]} alike @param {number} category */
  async function all(alike, category) {
    await corrections.setCategories(alike, () => category);
    const formers = [former, ...alike];
    const ids = new Set(alike.map((each) => each.transactionID));
    for (const each of around.rows()) if (ids.has(each.transaction.transactionID)) each.show(category);
    note.replaceChildren(el("span", {}, t("allMovedTo", { n: formers.length, name: nameOf(app, category) })),
      button(t("undo"), () => act(() => undone(formers)), { "data-undo": true }));
    around.changed();
  }

  /** @param {Transaction[]} formers */
  async function undone(formers) {
    await corrections.undo(formers);
    const ids = new Set(formers.map((each) => each.transactionID));
    for (const each of around.rows()) if (ids.has(each.transaction.transactionID)) each.back();
    delete select.dataset.was;
    note.replaceChildren(t("undoneNote"));
    select.focus();
    around.changed();
  }

  async function deleted() {
    await corrections.remove(former);
    row.state = node.dataset.state = "deleted";
    [remove.hidden, select.disabled] = [true, true];
    const restore = button(t("restore"), () => act(restored), { "data-restore": true });
    note.replaceChildren(el("span", {}, t("deleted")), restore);
    restore.focus();
    around.changed();
  }

  async function restored() {
    await corrections.restore(former);
    back();
    note.replaceChildren(t("restored"));
    remove.focus();
    around.changed();
  }

  select.addEventListener("change", () => act(corrected));
  return row;
}

/** @param {App} app @param {number} category */
function nameOf(app, category) {
  const names = app.scheme.flatMap((group) => group.categories).find((each) => each.id === category);
  return sentenceCase(names?.name ?? String(category));
}

/** Why a transaction has its category, and what else is known of it. @param {App} app
 * @param {Transaction} transaction */
function why(app, transaction) {
  const { rule, account, counterpartyAccount, reference, balance, merchantCode } = transaction;
  const made = el("details", { class: "why" }, el("summary", {}, t("why")));
  const known = { default: t("noRule"), "own-accounts": t("ownAccountsRule") };
  const reason = rule ? (known[/** @type {"default"} */ (rule)] ?? t("byRule", { rule })) : t("byHand");
  made.addEventListener("toggle", () => {
    if (made.querySelector("dl")) return;
    const facts = [[t("category"), reason], [t("broughtBy"), transaction.import ?? t("byCall")],
      [t("account"), account], [t("counterpartyAccount"), counterpartyAccount], [t("reference"), reference],
      [t("merchantCode"), merchantCode],
      [t("balance"), balance === undefined || balance === null ? "" : app.format.exact(balance)]];
    const list = el("dl");
    for (const [name, fact] of facts) if (fact) list.append(el("dt", {}, name), el("dd", {}, foreign(fact)));
    made.append(list);
    const file = made.querySelectorAll("bdi")[1];
    if (transaction.import) app.imports.nameOf(transaction.import).then((name) => (file.textContent = name));
  });
  return made;
}

/** A select of all categories of a scheme, to copy. @param {GroupShape[]} groups */
export function categorySelect(groups) {
  const optionsOf = (/** @type {GroupShape} */ { categories }) =>
    categories.map(({ id, name }) => el("option", { value: id }, sentenceCase(name)));
  const parts = groups.map((group) => el("optgroup", { label: sentenceCase(group.name) }, ...optionsOf(group)));
  return el("select", { class: "category" }, ...parts);
}
