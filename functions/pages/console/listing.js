// @ts-check
// The transactions behind a figure, in a dialog: their count and sum are the figure's. A row that was moved to
// another category, or deleted, stays where it is, marked, with what takes it back.

import { address, curl } from "./api.js";
import { amount, button, el, foreign } from "./dom.js";
import { Corrections } from "./corrections.js";
import { COLOURS, cellOf, find } from "./figures.js";
import { transactionRow } from "./row.js";
import { downloadChoices } from "./downloads.js";
import { callView, problemView } from "./parts.js";
import { t } from "./texts.js";

/** @import { Query, Transaction } from "./api.js" */
/** @import { App } from "./app.js" */
/** @import { Row } from "./row.js" */
/** @import { Selection } from "./view.js" */

const SHOWN = 100;

export class Listing {
  #app;
  #selection;
  #dialog;
  #corrections;
  #head = el("div", { class: "sums" });
  #list = el("ol", { class: "rows" });
  #foot = el("div", { class: "foot", role: "status" });
  /** @type {Row[]} */
  #rows = [];
  /** @type {AsyncGenerator<Transaction[]> | null} */
  #pages = null;
  /** @type {Transaction[]} */
  #ahead = [];
  #isDone = false;
  #isStale = false;

  /** @param {App} app @param {Selection} selection @param {HTMLDialogElement} dialog */
  constructor(app, selection, dialog) {
    this.#app = app;
    this.#selection = selection;
    this.#dialog = dialog;
    this.#corrections = new Corrections(app.api, app.customer.customerId);
  }

  /** Shows the dialog, and the first page. */
  async open() {
    const app = this.#app;
    const query = this.#query();
    const search = el("input", { type: "search", id: "search", value: app.view.text, maxlength: 100 });
    const path = ["api", "v1", "customer", app.customer.customerId, "transactions"];
    const form = el("form", { class: "search", role: "search" }, el("label", { for: "search" }, t("search")), search);
    form.append(button(t("find"), () => {}, { type: "submit" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      app.go({ text: search.value.trim() });
    });
    const { from, to } = this.#selection;
    const canDownload = "group" in query || "type" in query;
    const filters = { from, to, group: query.group, transactionTypeID: query.type, text: query.text };
    this.#dialog.replaceChildren(
      el("header", {}, el("h2", { id: "listing-title", tabindex: -1 }, foreign(this.#name())),
        button(t("close"), () => this.#dialog.close(), { class: "close" })),
      this.#head, form, this.#list, this.#foot,
      ...(canDownload ? [downloadChoices(app, "transactions", filters)] : []),
      callView(curl("GET", path, { query: { ...query, order: "desc", limit: SHOWN } }), address(path).pathname),
    );
    this.#dialog.setAttribute("aria-labelledby", "listing-title");
    this.update();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
    this.#dialog.querySelector("h2")?.focus();
    this.#pages = this.#corrections.pages(query);
    await this.#more();
  }

  /** Draws the count and the sum of the figure anew, after the ledger has changed. */
  update() {
    const { figures, format } = this.#app;
    const { from, to } = this.#selection;
    const cell = figures && cellOf(figures, this.#selection, format)?.cell;
    const days = `${format.day(from)} – ${format.day(new Date(Date.parse(to) - 1).toISOString())}`;
    this.#head.replaceChildren(el("span", {}, days));
    if (cell) {
      this.#head.append(
        el("data", { value: cell.count, "data-figure": "list:count" }, t("transactions", { n: cell.count })),
        amount(cell.amount, format.exact(cell.amount), "list:sum"));
    }
    this.#isStale = false;
    this.#drawFoot();
  }

  /** The filters of the API's listing. What is spread over several groups is listed without one, and sifted here.
   * @returns {Query} */
  #query() {
    const { what, from, to } = this.#selection;
    const groups = this.#groups();
    const text = this.#app.view.text || undefined;
    if (what.startsWith("c")) return { type: Number(what.slice(1)), from, to, text };
    return groups.size === 1 ? { group: [...groups][0], from, to, text } : { from, to, text };
  }

  /** The groups whose transactions are behind the figure. */
  #groups() {
    const { what } = this.#selection;
    const { scheme, ranks } = this.#app;
    if (what.startsWith("g")) return new Set([Number(what.slice(1))]);
    const groups = scheme.filter(({ id, type }) => {
      if (what === "other") return type === "expenses" && (ranks.get(id) ?? COLOURS) === COLOURS;
      return what === "left" ? type !== "none" : what === type;
    });
    return new Set(groups.map((group) => group.id));
  }

  /** @param {number} category */
  #holds(category) {
    const group = this.#app.scheme.find((each) => each.categories.some(({ id }) => id === category));
    const { what } = this.#selection;
    return what.startsWith("c") ? what === `c${category}` : group !== undefined && this.#groups().has(group.id);
  }

  #name() {
    const { figures, scheme } = this.#app;
    const { what } = this.#selection;
    if (what === "other") return t("otherGroups");
    const row = figures && find(figures.rows, what);
    const id = Number(what.slice(1));
    const known = scheme.flatMap((group) => [group, ...group.categories]).find((each) => each.id === id);
    return row?.name ?? known?.name ?? what;
  }

  /** Loads until a page's worth more is shown, or nothing is left. */
  async #more() {
    const wanted = this.#rows.length + SHOWN;
    this.#dialog.setAttribute("aria-busy", "true");
    this.#foot.replaceChildren(t("loading"));
    try {
      while (this.#rows.length < wanted && !this.#isDone) await this.#next(wanted - this.#rows.length);
      this.#drawFoot();
    } catch (error) {
      this.#foot.replaceChildren(problemView(error, () => this.#restart()));
    }
    this.#dialog.removeAttribute("aria-busy");
  }

  /** Begins again, after an error or when the list has caught up. */
  async #restart() {
    [this.#rows, this.#ahead, this.#isDone] = [[], [], false];
    this.#list.replaceChildren();
    this.#pages = this.#corrections.pages(this.#query());
    await this.#more();
  }

  /** @param {number} most */
  async #next(most) {
    if (!this.#ahead.length) {
      const page = await this.#pages?.next();
      this.#isDone = !page || page.done === true;
      if (!page || page.done) return;
      const groups = this.#groups();
      const all = this.#selection.what.startsWith("c");
      this.#ahead = page.value.filter((each) => all || groups.has(each.transactionGroupID));
    }
    const rows = this.#ahead.splice(0, most).map((transaction) => this.#row(transaction));
    this.#rows.push(...rows);
    this.#list.append(...rows.map((row) => row.node));
  }

  /** @param {Transaction} transaction */
  #row(transaction) {
    return transactionRow(this.#app, this.#corrections, transaction, {
      rows: () => this.#rows,
      holds: (category) => this.#holds(category),
      changed: () => {
        this.#isStale = true;
        this.#drawFoot();
        this.#app.refresh();
      },
    });
  }

  /** How many of the figure's transactions are listed, and their sum. */
  #drawFoot() {
    const app = this.#app;
    const here = this.#rows.filter((row) => row.state === "here" || row.state === "kept");
    const sum = app.format.sum(...here.map((row) => row.transaction.value));
    const cell = app.figures && cellOf(app.figures, this.#selection, app.format)?.cell;
    const isWhole = this.#isDone && !this.#ahead.length && cell && !app.view.text && !this.#isStale;
    const matches = isWhole && cell.count === here.length && app.format.minor(cell.amount) === app.format.minor(sum);
    const listed = el("p", {},
      el("data", { value: here.length, "data-figure": "list:listed" }, t("listed", { n: here.length })), ", ",
      amount(sum, app.format.exact(sum), "list:listed-sum"), matches ? ` – ${t("asInTable")}` : "");
    const again = isWhole && !matches ? button(t("listAgain"), () => this.#restart()) : null;
    const hasMore = !this.#isDone || this.#ahead.length > 0;
    const nothing = this.#rows.length || hasMore ? "" : t(app.view.text ? "nothingFits" : "nothingListed");
    this.#foot.replaceChildren(nothing || listed);
    if (again) this.#foot.append(again);
    if (hasMore) this.#foot.append(button(t("showMore"), () => this.#more(), { "data-more": true }));
  }
}
