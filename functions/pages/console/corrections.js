// @ts-check
// Changes transactions, and takes changes back: categories, all that are like one, deletion and return.

/** @import { Api, Listing, Query, Transaction } from "./api.js" */

const BATCH = 1000;

export class Corrections {
  #api;
  #path;

  /** @param {Api} api @param {string} customerId */
  constructor(api, customerId) {
    this.#api = api;
    this.#path = ["api", "v1", "customer", customerId, "transactions"];
  }

  /** Pages of a listing, newest first. @param {Query} query */
  async *pages(query) {
    /** @type {string | undefined} */
    let cursor;
    do {
      /** @type {Listing} */
      const page = await this.#api.get(this.#path, { ...query, order: "desc", limit: 100, cursor });
      yield page.transactions;
      cursor = page.paging.more ? page.paging.next : undefined;
    } while (cursor);
  }

  /** Gives each transaction a category; null gives it back to the rules. @param {Transaction[]} transactions
   * @param {(transaction: Transaction) => number | null} categoryOf */
  async setCategories(transactions, categoryOf) {
    for (let first = 0; first < transactions.length; first += BATCH) {
      const batch = transactions.slice(first, first + BATCH).map((each) => ({
        transactionID: each.transactionID,
        transactionDate: each.transactionDate,
        category: categoryOf(each),
      }));
      await this.#api.call("PATCH", this.#path, { json: { transactions: batch } });
    }
  }

  /** Takes a correction back: to the rules where a rule had chosen, else to the category that was given.
   * @param {Transaction[]} formers the transactions as they were before */
  async undo(formers) {
    await this.setCategories(formers, (former) => (former.rule ? null : former.transactionTypeID));
  }

  /** All others of the ledger with the same counterparty (or, without one, the same words) and the same category.
   * @param {Transaction} former the transaction as it was before its correction @returns {Promise<Transaction[]>} */
  async alike(former) {
    const key = likeness(former);
    if (!key) return [];
    const alike = [];
    for await (const page of this.pages({ type: former.transactionTypeID, text: key.slice(0, 100) })) {
      alike.push(...page.filter((each) => each.transactionID !== former.transactionID && likeness(each) === key));
    }
    return alike;
  }

  /** @param {Transaction} transaction */
  async remove({ transactionDate, transactionID }) {
    await this.#api.call("DELETE", [...this.#path, transactionDate, String(transactionID)]);
  }

  /** Brings a deleted transaction back. One that a rule had placed goes to the rules again.
   * @param {Transaction} transaction */
  async restore(transaction) {
    const { transactionTypeID, ...rest } = transaction;
    const returned = transaction.rule ? rest : { transactionTypeID, ...rest };
    const sent = Object.fromEntries(Object.entries(returned).filter(([, value]) => value !== null));
    await this.#api.call("POST", this.#path, { json: { restore: true, transactions: [sent] } });
  }
}

/** What makes transactions alike: the words of the counterparty, or of the text without its numbers.
 * @param {Transaction} transaction */
function likeness({ counterparty, text }) {
  const words = (/** @type {string} */ source) =>
    source
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u);
  const named = counterparty ? words(counterparty) : words(text ?? "").filter((word) => !/\d/.test(word));
  return named.filter(Boolean).join(" ");
}
