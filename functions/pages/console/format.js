// @ts-check
// Numbers and dates by Intl, in the reader's language; names of the scheme in sentence case.

import { isoWeek } from "./spans.js";

/** @import { Unit } from "./spans.js" */

export class Format {
  /** @param {"en" | "nl"} lang @param {string} currency */
  constructor(lang, currency) {
    const preferred = navigator.languages.find((tag) => tag.toLowerCase().startsWith(lang));
    const locale = preferred ?? { en: "en-GB", nl: "nl-NL" }[lang];
    const money = new Intl.NumberFormat(locale, { style: "currency", currency });
    this.currency = currency;
    this.digits = money.resolvedOptions().maximumFractionDigits ?? 2;
    this.locale = locale;
    this.#money = money;
    this.#wholeMoney = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 });
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#day = this.#date({ day: "numeric", month: "short", year: "numeric" });
    this.#time = this.#date({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  }

  #money;
  #wholeMoney;
  #whole;
  #day;
  #time;

  /** @param {Intl.DateTimeFormatOptions} options */
  #date(options) {
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: "UTC" });
  }

  /** An amount with its cents. @param {number} value */
  exact(value) {
    return this.#money.format(value);
  }

  /** An amount in whole units, with its currency. @param {number} value */
  rounded(value) {
    return this.#wholeMoney.format(value).replace(/^-(?=\D*0$)/, "");
  }

  /** A number without decimals. @param {number} value */
  whole(value) {
    return this.#whole.format(value).replace(/^-0$/, "0");
  }

  /** @param {number} share between 0 and 1 */
  percent(share) {
    return new Intl.NumberFormat(this.locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
  }

  /** @param {string} day */
  day(day) {
    return this.#day.format(new Date(day));
  }

  /** The day of a transaction, and its time where the bank told one. @param {string} date */
  moment(date) {
    return (date.endsWith("T00:00:00.000Z") ? this.#day : this.#time).format(new Date(date));
  }

  /** A period in two parts, as on an axis. @param {string} start @param {Unit} unit */
  period(start, unit) {
    const date = new Date(start);
    const month = date.getUTCMonth();
    const year = start.slice(0, 4);
    switch (unit) {
      case "day": return { label: this.#date({ day: "numeric", month: "short" }).format(date), year };
      case "week": return { label: `W${String(isoWeek(start).week).padStart(2, "0")}`, year: isoWeek(start).year };
      case "month": return { label: this.#date({ month: "short" }).format(date), year };
      case "quarter": return { label: `Q${month / 3 + 1}`, year };
      case "semester": return { label: `H${month / 6 + 1}`, year };
      case "year": return { label: year, year: "" };
    }
  }

  /** An amount as an integer of the currency's smallest units, in which sums are exact. @param {number} value */
  minor(value) {
    return Math.round(value * 10 ** this.digits);
  }

  /** The sum of amounts, exact to the smallest unit. @param {...number} values */
  sum(...values) {
    const total = values.reduce((sum, value) => sum + this.minor(value), 0);
    return Number((total / 10 ** this.digits).toFixed(this.digits));
  }
}

/** A group's or category's name in sentence case. Only a name that is capitals throughout is put in small letters,
 * and not if it is as short as an abbreviation (AOW). @param {string} name */
export function sentenceCase(name) {
  const isShouted = name.length > 3 && name === name.toUpperCase() && name !== name.toLowerCase();
  const lower = isShouted ? name.toLowerCase() : name;
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
