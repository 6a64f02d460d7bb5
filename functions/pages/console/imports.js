// @ts-check
// Statements in: a dropped file is looked at (nothing is kept) or imported. Results stay, say what was skipped, and
// can be undone. One call asks after all files that are under way.

import { curl, pause, send } from "./api.js";
import { button, el, foreign } from "./dom.js";
import { look } from "./look.js";
import { callView, problemText, problemView } from "./parts.js";
import { t } from "./texts.js";

/** @import { ImportShape } from "./api.js" */
/** @import { App } from "./app.js" */
/** @typedef {"bank" | "card" | ""} Signs */

/** A line of the list: a file of this page, an import of the ledger, or both once the file is imported. @typedef
 * {{key: string, file: File | null, shape: ImportShape | null, signs: Signs, error: unknown, isBusy: boolean,
 * isUndone: boolean, look: HTMLElement | null}} Item */

const UNDER_WAY = ["awaiting-upload", "processing", "undoing"];

export class Imports {
  #app;
  #section;
  #path;
  /** @type {Item[]} */
  #items = [];
  /** @type {Set<string>} the ids of imports whose end this page waits for */
  #awaited = new Set();
  #isPolling = false;
  #list = el("ul", { class: "files" });

  /** @param {App} app @param {HTMLElement} section */
  constructor(app, section) {
    this.#app = app;
    this.#section = section;
    this.#path = ["api", "v1", "customer", app.customer.customerId, "imports"];
  }

  /** The name of the file that an import was, or its id if that cannot be known. @param {string} importId */
  async nameOf(importId) {
    const known = () => this.#items.find((item) => item.shape?.importId === importId)?.shape?.filename;
    if (!known()) await this.load();
    return known() ?? importId;
  }

  /** Draws the section, with the imports that the ledger has. */
  async open() {
    const input = el("input", { type: "file", multiple: true, id: "files" });
    input.addEventListener("change", () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    });
    this.#section.replaceChildren(el("h2", { id: "imports-title", tabindex: -1 }, t("importTitle")),
      el("div", { class: "drop" }, el("label", { for: "files" }, t("dropHere")), input), this.#list,
      callView(curl("GET", this.#path), "imports"));
    this.#draw();
    await this.load();
  }

  /** Fetches the imports that the ledger has, newest first. */
  async load() {
    try {
      const imports = await this.#listed();
      this.#merge(imports);
      for (const each of imports) if (["processing", "undoing"].includes(each.status)) this.#await(each.importId);
    } catch (error) {
      this.#list.replaceChildren(el("li", {}, problemView(error, () => this.load())));
    }
  }

  /** The newest imports, and as many older ones as this page waits for. */
  async #listed() {
    /** @type {ImportShape[]} */
    const imports = [];
    let cursor;
    do {
      const page = await this.#app.api.get(this.#path, { limit: 100, cursor });
      imports.push(...page.imports);
      cursor = page.paging.next;
    } while (cursor && [...this.#awaited].some((id) => !imports.some((each) => each.importId === id)));
    return imports;
  }

  /** @param {File[]} files */
  add(files) {
    const added = files.map((file) => this.#item(crypto.randomUUID(), file, null));
    this.#items.unshift(...added);
    this.#draw();
  }

  /** @param {string} key @param {File | null} file @param {ImportShape | null} shape @returns {Item} */
  #item(key, file, shape) {
    return { key, file, shape, signs: "", error: null, isBusy: false, isUndone: false, look: null };
  }

  /** Puts what the API says of its imports beside the files of this page. @param {ImportShape[]} shapes */
  #merge(shapes) {
    for (const shape of shapes) {
      const item = this.#items.find((each) => each.shape?.importId === shape.importId);
      if (item) item.shape = shape;
      else if (shape.status !== "awaiting-upload") this.#items.push(this.#item(shape.importId, null, shape));
    }
    for (const item of this.#items) {
      const isListed = shapes.some((shape) => shape.importId === item.shape?.importId);
      if (item.shape?.status === "undoing" && !isListed) item.isUndone = true;
    }
    this.#draw();
  }

  /** @param {Item} item @param {() => Promise<void>} task */
  async #busy(item, task) {
    [item.isBusy, item.error] = [true, null];
    this.#draw();
    try {
      await task();
    } catch (error) {
      problemText(error);
      item.error = error;
    }
    item.isBusy = false;
    this.#draw();
  }

  /** @param {Item} item @param {File} file */
  async #look(item, file) {
    await this.#busy(item, async () => {
      item.look = null;
      item.look = await look(this.#app, file, item.signs);
    });
  }

  /** @param {Item} item @param {File} file */
  async #bring(item, file) {
    await this.#busy(item, async () => {
      const json = { filename: cleaned(file.name), bytes: file.size, signs: item.signs || undefined };
      const { importId, upload } = await this.#app.api.call("POST", this.#path, { json });
      await send(upload, file);
      const empty = { received: 0, imported: 0, duplicates: 0, skipped: [], reason: null };
      item.shape = { importId, filename: json.filename, status: "processing", created: "", ...empty };
      item.look = null;
      this.#await(importId);
    });
  }

  /** @param {Item} item @param {ImportShape} shape */
  async #undo(item, shape) {
    if (!item.file && !confirm(t("reallyUndo", { n: shape.imported }))) return;
    await this.#busy(item, async () => {
      await this.#app.api.call("DELETE", [...this.#path, shape.importId]);
      item.shape = { ...shape, status: "undoing" };
      this.#await(shape.importId);
    });
  }

  /** @param {string} importId */
  #await(importId) {
    this.#awaited.add(importId);
    if (!this.#isPolling) this.#poll();
  }

  /** Asks with one call after all that is under way, until nothing is. */
  async #poll() {
    this.#isPolling = true;
    for (let turn = 1; this.#awaited.size && !this.#app.isOver; turn++) {
      await pause(Math.min(0.5 + turn * 0.25, 3));
      try {
        this.#merge(await this.#listed());
      } catch (error) {
        this.#app.announce(problemText(error));
        continue;
      }
      const ended = this.#items.filter((item) => this.#awaited.has(item.shape?.importId ?? "") && hasEnded(item));
      for (const item of ended) {
        this.#awaited.delete(item.shape?.importId ?? "");
        this.#app.announce(`${item.shape?.filename}: ${outcome(item)}`);
      }
      if (ended.length) await this.#app.refresh();
    }
    this.#isPolling = false;
  }

  #draw() {
    const waiting = this.#items.filter((item) => item.file && !item.shape && !item.isBusy);
    const all = () => waiting.forEach((item) => item.file && this.#bring(item, item.file));
    const together = waiting.length > 1 ? el("li", {}, button(t("importAll", { n: waiting.length }), all)) : null;
    const focused = document.activeElement?.closest("[data-act]")?.getAttribute("data-act");
    const lines = this.#items.map((item) => this.#line(item));
    this.#list.replaceChildren(...(together ? [together] : []), ...lines);
    if (!this.#items.length) this.#list.append(el("li", { class: "small" }, t("noImports")));
    const again = [...this.#list.querySelectorAll("button")].find((each) => focused && each.dataset.act === focused);
    again?.focus();
  }

  /** @param {Item} item */
  #line(item) {
    const { file, shape, isBusy, key } = item;
    const name = shape?.filename ?? file?.name ?? "";
    const isUnder = isBusy || (shape !== null && UNDER_WAY.includes(shape.status) && !item.isUndone);
    const canImport = file && (!shape || shape.status === "failed" || item.isUndone);
    const canUndo = shape && !item.isUndone && ["completed", "failed"].includes(shape.status) && shape.imported > 0;
    const complaint = item.error instanceof Error ? item.error.message : (shape?.reason?.detail ?? "");
    const status = item.isUndone ? "undone" : (shape?.status ?? "chosen");
    /** @param {"look" | "import" | "undoImport" | "putAway"} act @param {() => void} task @param {string} [kind] */
    const does = (act, task, kind) =>
      button(t(act), task, { disabled: isUnder, "data-act": `${act}:${key}`, class: kind });
    return el("li", { "data-file": name, "data-status": status, "aria-busy": String(isUnder) },
      el("div", { class: "file" }, foreign(name, "filename"), el("span", { class: "outcome" }, outcome(item))),
      el("div", { class: "buttons" },
        file && !shape ? does("look", () => this.#look(item, file)) : null,
        canImport ? does("import", () => this.#bring(item, file), shape ? "" : "main") : null,
        canUndo ? does("undoImport", () => this.#undo(item, shape)) : null,
        file && !shape ? does("putAway", () => this.#putAway(item), "quiet") : null),
      item.error ? el("p", { class: "error" }, problemText(item.error)) : null,
      shape?.status === "failed" ? el("p", { class: "error" }, foreign(shape.reason?.detail)) : null,
      canImport && /\bSigns\b/.test(complaint) ? this.#signs(item) : null,
      shape?.skipped.length && !item.isUndone ? this.#skipped(shape) : null,
      item.look);
  }

  /** @param {Item} item */
  #putAway(item) {
    this.#items = this.#items.filter((each) => each !== item);
    this.#draw();
  }

  /** From whose side the file is written, asked only when the file does not tell. @param {Item} item */
  #signs(item) {
    const options = /** @type {Signs[]} */ (["", "bank", "card"]).map((signs) =>
      el("option", { value: signs, selected: signs === item.signs }, t(`signs-${signs}`)));
    const select = el("select", {}, ...options);
    select.addEventListener("change", () => (item.signs = /** @type {Signs} */ (select.value)));
    return el("label", { class: "signs" }, `${t("signs")} `, select);
  }

  /** @param {ImportShape} shape */
  #skipped({ skipped, duplicates }) {
    const { format } = this.#app;
    const lines = skipped.map((each) => el("li", {}, `${format.day(each.transactionDate)} · ${each.place}`));
    const rest = duplicates > skipped.length ? el("p", {}, t("andMore", { n: duplicates - skipped.length })) : null;
    const title = el("summary", {}, t("skippedRows", { n: duplicates }));
    return el("details", {}, title, el("ul", { class: "skipped" }, ...lines), rest);
  }
}

/** @param {Item} item */
function hasEnded({ shape, isUndone }) {
  return isUndone || shape?.status === "completed" || shape?.status === "failed";
}

/** What became of a file, in words. @param {Item} item */
function outcome({ file, shape, isUndone, isBusy }) {
  if (isUndone) return t("undone");
  if (!shape) return isBusy ? t("sending") : file ? t("bytes", { n: Math.ceil(file.size / 1024) }) : "";
  const { status, imported, duplicates } = shape;
  const already = duplicates ? `, ${t("already", { n: duplicates })}` : "";
  if (status === "completed") return t("imported", { n: imported }) + already;
  if (status === "failed") return imported ? t("failedAfter", { n: imported }) : t("failed");
  return status === "undoing" ? t("undoing") : t("importing", { n: imported });
}

/** A file's name as the API takes it. @param {string} name */
function cleaned(name) {
  return name.replace(/[\u0000-\u001f\u007f/\\]/g, "_").slice(0, 255) || "statement";
}
