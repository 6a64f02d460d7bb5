// @ts-check
// Puts the page together: what the fragment says is fetched, drawn, and drawn anew when it or the ledger changes.

import { curl } from "./api.js";
import { customerOf } from "./door.js";
import { byId, button, el } from "./dom.js";
import { downloadChoices } from "./downloads.js";
import { figuresOf, ranks } from "./figures.js";
import { Format } from "./format.js";
import { header } from "./header.js";
import { Imports } from "./imports.js";
import { Listing } from "./listing.js";
import { emptyView, problemView } from "./parts.js";
import { drawChart, drawReport } from "./report.js";
import { categorySelect } from "./row.js";
import { spanBar } from "./spanbar.js";
import { MOST_PERIODS, addDays, countPeriods, spanOf } from "./spans.js";
import { language, setLanguage, t } from "./texts.js";
import { fragmentOf, listOf, readView, selectionOf } from "./view.js";

/** @import { Api, Customer, GroupShape, Pivot } from "./api.js" */
/** @import { Figures } from "./figures.js" */
/** @import { Span } from "./spans.js" */
/** @import { View } from "./view.js" */
/** @import { Actions } from "./report.js" */

export class App {
  /** @type {Customer} */
  customer = { customerId: "", currency: "EUR", scheme: "", externalKeys: [], accounts: [], created: "" };
  /** @type {GroupShape[]} */
  scheme = [];
  /** @type {Map<number, number>} the place of each group among the largest of the whole ledger */
  ranks = new Map();
  /** @type {Span | null} the first and the last day of the ledger */
  ledger = null;
  /** @type {Figures | null} */
  figures = null;
  /** @type {Span} */
  span = { from: "", to: "" };
  view = readView(location.hash);
  format = new Format(language(), "EUR");
  /** A select of all categories, to copy. */
  categories = el("select");
  /** @type {Listing | null} */
  #listing = null;
  /** @type {Pivot | null} */
  #pivot = null;
  #shown = "";
  #turn = 0;
  imports;
  #dialog = /** @type {HTMLDialogElement} */ (byId("listing"));
  #removers = new AbortController();

  /** @param {Api} api @param {Customer[]} customers @param {string} first the customer to show at first, or ""
   * @param {() => void} leave asks for another key */
  constructor(api, customers, first, leave) {
    this.api = api;
    this.customers = customers;
    this.first = first || (customers.length === 1 ? customers[0].customerId : "");
    this.leave = () => (this.#removers.abort(), leave());
    this.imports = new Imports(this, byId("imports"));
    this.#listen();
  }

  #listen() {
    const { signal } = this.#removers;
    window.addEventListener("popstate", () => this.show(), { signal });
    this.#dialog.addEventListener("close", () => this.#closeListing(), { signal });
    window.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    window.addEventListener("drop", (event) => this.#drop(event), { signal });
    const redraw = () => {
      const isSame = byId("chart").dataset.width === String(Math.floor(byId("chart").clientWidth));
      if (this.figures && !isSame) drawChart(this.figures, this.format, this.#actions);
    };
    window.addEventListener("resize", redraw, { signal });
  }

  /** Whether another key was asked for. */
  get isOver() {
    return this.#removers.signal.aborted;
  }

  /** Says something to those who do not see the page. @param {string} text */
  announce(text) {
    byId("live").textContent = text;
  }

  /** Changes the view, and the address with it. @param {Partial<View>} change
   * @param {boolean} [inPlace] without a step for Back */
  go(change, inPlace = false) {
    const closes = "span" in change || "unit" in change || "customer" in change ? { list: "", text: "" } : {};
    const fragment = fragmentOf({ ...this.view, ...closes, ...change });
    if (inPlace) history.replaceState(history.state, "", fragment);
    else history.pushState({ listed: Boolean(change.list) }, "", fragment);
    return this.show();
  }

  /** The table may have been drawn anew under the dialog: its cell gets the focus back. */
  #closeListing() {
    const cell = /** @type {HTMLElement | null} */ (byId("pivot").querySelector("table [tabindex='0']"));
    const { activeElement } = document;
    if (activeElement === document.body || this.#dialog.contains(activeElement)) cell?.focus({ preventScroll: true });
    if (!this.view.list) return;
    if (history.state?.listed) history.back();
    else this.go({ list: "", text: "" }, true);
  }

  /** Opens the imports with dropped files. @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length || !this.customer.customerId) return;
    if (this.#dialog.open) this.#dialog.close();
    this.openTool("imports", true);
    this.imports.add(files);
  }

  /** @param {"imports" | "downloads"} name @param {boolean} [isOpen] */
  openTool(name, isOpen) {
    for (const id of ["imports", "downloads"]) byId(id).hidden = id !== name || !(isOpen ?? byId(id).hidden);
    header(this);
    if (byId(name).hidden) return;
    if (name === "imports") this.imports.open();
    else this.#drawDownloads();
    byId(name).querySelector("h2")?.focus();
  }

  #drawDownloads() {
    const { from, to } = this.span;
    byId("downloads").replaceChildren(el("h2", { tabindex: -1, id: "downloads-title" }, t("downloadTitle")),
      downloadChoices(this, "tables", { from, to, unit: this.view.unit }),
      downloadChoices(this, "transactions", { from, to }));
  }

  /** Shows what the fragment says. */
  async show() {
    this.view = readView(location.hash);
    setLanguage(this.view.lang);
    const id = this.view.customer || this.first;
    let customer = this.customers.find((each) => each.customerId === id);
    if (!customer && id) {
      await this.#guard(async () => {
        customer = await customerOf(this.api, id);
        this.customers.push(customer);
      });
    }
    byId("report").hidden = !customer;
    if (!customer) return this.#drawWithout(id);
    const isNew = customer !== this.customer;
    if (isNew) this.#begin(customer);
    this.format = new Format(language(), customer.currency);
    header(this);
    await this.#guard(async (isCurrent) => {
      if (isNew || !this.scheme.length) await this.#loadCustomer();
      await this.#load(isCurrent);
    });
  }

  /** No customer can be shown. @param {string} id */
  #drawWithout(id) {
    header(this);
    byId("span").replaceChildren();
    const text = t(this.customers.length ? "chooseCustomer" : "noCustomers");
    if (!id) byId("notice").replaceChildren(emptyView("", text, null));
  }

  /** The ledger has changed: fetches the figures anew. */
  async refresh() {
    this.#shown = "";
    const query = { unit: this.view.unit, ...this.span };
    await this.#guard(async (isCurrent) => {
      const [pivot] = await Promise.all([this.api.get(this.#pivotPath, query), this.#loadLedger()]);
      if (!isCurrent()) return;
      [this.#pivot, this.#shown] = [pivot, JSON.stringify(query)];
      await this.#load(isCurrent);
    });
  }

  /** @param {Customer} customer */
  #begin(customer) {
    this.customer = customer;
    [this.scheme, this.#shown, this.figures] = [[], "", null];
    this.imports = new Imports(this, byId("imports"));
    if (!byId("imports").hidden) this.imports.open();
    for (const id of ["tiles", "chart", "pivot", "call"]) byId(id).replaceChildren();
  }

  /** Runs what fetches, and shows what goes wrong, unless something newer was asked for in between.
   * @param {(isCurrent: () => boolean) => Promise<void>} task */
  async #guard(task) {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn && !this.isOver;
    byId("main").setAttribute("aria-busy", "true");
    try {
      await task(isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      byId("notice").replaceChildren(problemView(error, () => this.show()));
      byId("report").hidden = !this.figures;
    }
    if (isCurrent()) byId("main").removeAttribute("aria-busy");
  }

  async #loadCustomer() {
    const { groups } = await this.api.get(["api", "linx", "groups"], { scheme: this.customer.scheme });
    this.categories = categorySelect(groups);
    await this.#loadLedger();
    this.scheme = groups;
  }

  get #pivotPath() {
    return ["api", "v1", "customer", this.customer.customerId, "transactions", "pivot"];
  }

  async #loadLedger() {
    /** @type {Pivot} */
    const whole = await this.api.get(this.#pivotPath, { unit: "none" });
    this.ranks = ranks(whole);
    this.ledger = whole.coverage;
  }

  /** @param {() => boolean} isCurrent */
  async #load(isCurrent) {
    const { ledger, view } = this;
    if (!ledger) return this.#drawEmpty();
    this.span = spanOf(view.span, view, ledger);
    const isTooFine = countPeriods(this.span.from, addDays(this.span.to, -1), view.unit) > MOST_PERIODS;
    if (isTooFine) view.unit = view.unit === "month" ? "year" : "month";
    const query = { unit: view.unit, ...this.span };
    const wanted = JSON.stringify(query);
    if (wanted !== this.#shown) {
      const pivot = await this.api.get(this.#pivotPath, query);
      if (!isCurrent()) return;
      [this.#pivot, this.#shown] = [pivot, wanted];
    }
    if (isCurrent()) this.#draw();
  }

  /** Nothing is stored: the way to change that. */
  #drawEmpty() {
    byId("report").hidden = true;
    byId("span").replaceChildren();
    const open = button(t("importTitle"), () => this.openTool("imports", true), { class: "main" });
    byId("notice").replaceChildren(emptyView(t("emptyTitle"), t("emptyText"), open));
  }

  #draw() {
    const { view, span, format } = this;
    if (!this.#pivot || !this.ledger) return;
    const names = { income: t("income"), expenses: t("expenses"), left: t("left"), none: t("ownAccounts") };
    const figures = figuresOf(this.#pivot, span, this.ranks, format, names);
    this.figures = figures;
    header(this);
    document.title = `Saldo – ${this.customer.customerId}`;
    byId("report").hidden = figures.periods.length === 0;
    byId("span").replaceChildren(...spanBar(view, span, (change) => this.go(change), format));
    byId("notice").replaceChildren(...(figures.periods.length ? [] : [this.#nothing(this.ledger)]));
    const command = curl("GET", this.#pivotPath, { query: { unit: view.unit, ...span } });
    drawReport(figures, format, view.open, this.#actions, command);
    if (!byId("downloads").hidden) this.#drawDownloads();
    this.#drawListing();
  }

  /** @param {Span} ledger */
  #nothing(ledger) {
    const { format } = this;
    const text = t("nothingInSpan", { from: format.day(ledger.from), to: format.day(ledger.to) });
    return emptyView("", text, button(t("all"), () => this.go({ span: "all", from: "", to: "" })));
  }

  /** @type {Actions} */
  #actions = {
    pick: (what, period) => {
      const { from, to } = period ?? this.span;
      this.go({ list: listOf({ what, from, to }), text: "" });
    },
    toggle: (what) => {
      const { open } = this.view;
      this.go({ open: open.includes(what) ? open.filter((each) => each !== what) : [...open, what] }, true);
    },
  };

  /** Opens the listing that the view names, or closes the one that it does not. */
  #drawListing() {
    const selection = selectionOf(this.view.list);
    if (!selection) {
      this.#listing = null;
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const name = `${this.customer.customerId} ${this.view.list} ${this.view.text}`;
    if (this.#listing && this.#dialog.dataset.name === name) return this.#listing.update();
    this.#dialog.dataset.name = name;
    this.#listing = new Listing(this, selection, this.#dialog);
    this.#listing.open();
  }
}
