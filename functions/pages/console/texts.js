// @ts-check
// All texts, in English and Dutch. `{name}` is filled in; of two forms around `|` the number `n` chooses.

/** @typedef {"en" | "nl"} Language */

const TEXTS = {
  "12m": ["12 months", "12 maanden"], "3m": ["3 months", "3 maanden"], "this-year": ["This year", "Dit jaar"],
  "last-year": ["Last year", "Vorig jaar"], all: ["All", "Alles"], own: ["Dates…", "Datums…"], day: ["day", "dag"],
  week: ["week", "week"], month: ["month", "maand"], quarter: ["quarter", "kwartaal"],
  semester: ["half-year", "halfjaar"], year: ["year", "jaar"], by: ["by", "per"], from: ["From", "Van"],
  through: ["through", "tot en met"], show: ["Show", "Toon"],
  spanLabel: ["Span, counted from the last day with data", "Periode, geteld vanaf de laatste dag met gegevens"],
  backwards: ["The last day must not be before the first.", "De laatste dag mag niet vóór de eerste liggen."],

  income: ["Income", "Inkomsten"], expenses: ["Expenses", "Uitgaven"], left: ["Left", "Over"],
  ownAccounts: ["Own accounts", "Eigen rekeningen"], largest: ["Largest group", "Grootste groep"],
  perMonth: ["a month", "per maand"], aMonth: ["a month", "per maand"], inAll: ["in all", "in totaal"],
  noMonth: ["no complete month", "geen hele maand"],
  noCompleteMonth: ["no complete month yet; in all", "nog geen hele maand; in totaal"],
  ofExpenses: ["{share} of expenses", "{share} van de uitgaven"], other: ["Other ({n})", "Overig ({n})"],
  otherGroups: ["Other groups", "Overige groepen"],
  completeMonths: ["{n} complete month|{n} complete months", "{n} hele maand|{n} hele maanden"],
  averageShort: ["{value} · {months}", "{value} · {months}"],
  averageLine: ["Average expenses {value} · {months}", "Gemiddelde uitgaven {value} · {months}"],
  chartLabel: ["Chart of income, expenses by group and what is left, by period. The table has the same figures.",
    "Grafiek van inkomsten, uitgaven per groep en wat over is, per periode. De tabel heeft dezelfde cijfers."],
  legendLabel: ["Colours, from the bottom of the bars up", "Kleuren, van onder in de staven naar boven"],

  groupColumn: ["{currency}", "{currency}"], total: ["Total", "Totaal"], average: ["Average", "Gemiddeld"],
  incomplete: ["not complete: not in the average", "niet compleet: telt niet mee in het gemiddelde"],
  starred: ["* Not complete, so not in the average.", "* Niet compleet, telt dus niet mee in het gemiddelde."],
  tableLabel: ["Amounts by group and period", "Bedragen per groep en periode"],
  tableHint: ["Click an amount to see the transactions behind it, a name to open it.",
    "Klik op een bedrag voor de transacties erachter, op een naam om die te openen."],

  transactions: ["{n} transaction|{n} transactions", "{n} transactie|{n} transacties"],
  listed: ["{n} listed|{n} listed", "{n} getoond|{n} getoond"], asInTable: ["as in the table", "zoals in de tabel"],
  showMore: ["Show more", "Toon meer"],
  listAgain: ["The list lags behind: list again", "De lijst loopt achter: opnieuw ophalen"],
  nothingFits: ["Nothing fits these words. Search for fewer.", "Niets past bij deze woorden. Zoek met minder."],
  nothingListed: ["No transactions here.", "Geen transacties hier."],
  search: ["Words of text or counterparty", "Woorden uit tekst of tegenpartij"], find: ["Find", "Zoek"],
  close: ["Close", "Sluit"], category: ["Category", "Categorie"],
  categoryOf: ["Category of {who}", "Categorie van {who}"], noText: ["(no text)", "(geen tekst)"],
  delete: ["Delete", "Verwijder"], deleteThis: ["Delete {who}", "Verwijder {who}"],
  deleted: ["Deleted.", "Verwijderd."], restore: ["Restore", "Zet terug"], restored: ["Restored.", "Teruggezet."],
  movedTo: ["Now in {name}.", "Nu in {name}."],
  allMovedTo: ["{n} now in {name}.|{n} now in {name}.", "{n} nu in {name}.|{n} nu in {name}."],
  looking: ["Looking for more like this…", "Zoekt meer zoals deze…"],
  moreLikeThis: ["{n} more like this|{n} more like this", "Nog {n} zoals deze|Nog {n} zoals deze"],
  undo: ["Undo", "Ongedaan maken"], undoneNote: ["As it was.", "Zoals het was."], why: ["Why?", "Waarom?"],
  noRule: ["no rule matched: chosen by sign", "geen regel paste: gekozen naar af of bij"],
  ownAccountsRule: ["the other side is an own account", "de tegenrekening is een eigen rekening"],
  byRule: ["by the rule {rule}", "door de regel {rule}"],
  byHand: ["given with it or set by hand: no rule changes it",
    "meegegeven of met de hand gezet: geen regel verandert dit"],
  broughtBy: ["Brought by", "Gekomen met"], byCall: ["a call of the API", "een aanroep van de API"],
  account: ["Account", "Rekening"], counterpartyAccount: ["Other account", "Tegenrekening"],
  reference: ["Reference", "Kenmerk"], merchantCode: ["Merchant code", "Branchecode"], balance: ["Balance", "Saldo"],

  import: ["Import", "Importeer"], importTitle: ["Import statements", "Afschriften importeren"],
  dropHere: ["Drop statements here, or choose files", "Sleep afschriften hierheen, of kies bestanden"],
  importAll: ["Import all {n}", "Importeer alle {n}"], look: ["Look", "Bekijk"], putAway: ["Put away", "Leg weg"],
  nothingKept: ["nothing of it is kept", "er wordt niets van bewaard"],
  noImports: ["No imports yet.", "Nog geen imports."], sending: ["being read…", "wordt gelezen…"],
  bytes: ["{n} kB", "{n} kB"], importing: ["importing… {n} so far", "importeert… {n} tot nu toe"],
  imported: ["{n} new transaction|{n} new transactions", "{n} nieuwe transactie|{n} nieuwe transacties"],
  already: ["{n} already there", "{n} stond er al|{n} stonden er al"], failed: ["not imported", "niet geïmporteerd"],
  failedAfter: ["stopped after {n}", "gestopt na {n}"], undoImport: ["Undo import", "Maak import ongedaan"],
  reallyUndo: ["Remove the {n} transaction of this import?|Remove the {n} transactions of this import?",
    "De {n} transactie van deze import verwijderen?|De {n} transacties van deze import verwijderen?"],
  undoing: ["being undone…", "wordt ongedaan gemaakt…"],
  undone: ["undone: all that it brought is gone", "ongedaan gemaakt: alles wat het bracht is weg"],
  skippedRows: ["{n} was there already|{n} were there already", "{n} stond er al|{n} stonden er al"],
  andMore: ["and {n} more", "en nog {n}"],
  signs: ["Whose side are the amounts written from?", "Van wiens kant zijn de bedragen geschreven?"],
  choose: ["choose…", "kies…"], "signs-": ["choose…", "kies…"],
  "signs-bank": ["bank: income is positive", "bank: inkomsten zijn positief"],
  "signs-card": ["card: purchases are positive", "kaart: aankopen zijn positief"], group: ["Group", "Groep"],
  count: ["Count", "Aantal"],

  download: ["Download", "Download"], downloadTitle: ["Download what is shown", "Download wat getoond wordt"],
  downloadTables: ["Tables", "Tabellen"], downloadTransactions: ["Transactions", "Transacties"],
  xlsx: ["Excel (xlsx)", "Excel (xlsx)"], csvForExcel: ["CSV for Excel (;)", "CSV voor Excel (;)"],
  csv: ["CSV", "CSV"], json: ["JSON", "JSON"], makingFile: ["Making the file…", "Maakt het bestand…"],
  makingRows: ["Making the file… {rows} of {of}", "Maakt het bestand… {rows} van {of}"],
  fileFailed: ["The file could not be made. Try again.", "Het bestand kon niet gemaakt worden. Probeer opnieuw."],
  rowsUntil: ["{n} row; the link works until {until}|{n} rows; the link works until {until}",
    "{n} regel; de link werkt tot {until}|{n} regels; de link werkt tot {until}"],

  tools: ["Tools", "Gereedschap"], customer: ["Customer", "Klant"], otherLanguage: ["Nederlands", "English"],
  otherKey: ["Key…", "Sleutel…"], call: ["API call", "API-aanroep"], copy: ["Copy", "Kopieer"],
  copied: ["Copied", "Gekopieerd"], loading: ["Loading…", "Laadt…"], tryAgain: ["Try again", "Probeer opnieuw"],
  requestId: ["Request id", "Request-id"], doorTitle: ["Your key", "Je sleutel"],
  doorText: ["The page keeps the key in memory only: it is gone when the page is.",
    "De pagina houdt de sleutel alleen in het geheugen: hij is weg zodra de pagina weg is."],
  key: ["API key", "API-sleutel"], customerId: ["Customer id", "Klant-id"], enter: ["Go on", "Verder"],
  chooseCustomer: ["Choose a customer above.", "Kies hierboven een klant."],
  noCustomers: ["This key has no customers yet. Create one: PUT api/v1/customer/{customerId}.",
    "Deze sleutel heeft nog geen klanten. Maak er een: PUT api/v1/customer/{customerId}."],
  noCustomer: ["There is no such customer. Choose another.", "Die klant is er niet. Kies een andere."],
  emptyTitle: ["No transactions yet", "Nog geen transacties"],
  emptyText: ["Drop a bank statement anywhere on this page: CSV, MT940, CAMT.053, OFX or a ZIP of them.",
    "Sleep een bankafschrift naar deze pagina: CSV, MT940, CAMT.053, OFX of een ZIP ervan."],
  nothingInSpan: ["Nothing in this span. The ledger has transactions from {from} through {to}.",
    "Niets in deze periode. Het grootboek heeft transacties van {from} tot en met {to}."],
  missingScope: ["This key may not do that: it lacks the scope {scope}. Use a key that has it.",
    "Deze sleutel mag dat niet: de scope {scope} ontbreekt. Gebruik een sleutel die hem heeft."],
  refusedKey: ["The key is unknown or has expired. Enter another.",
    "De sleutel is onbekend of verlopen. Geef een andere."],
  noAnswer: ["There was no answer. Is the API running?", "Er kwam geen antwoord. Draait de API?"],
  tooLarge: ["The file is too large to look at; import it instead.",
    "Het bestand is te groot om te bekijken; importeer het."],
  failedWith: ["It did not work (status {status}). Try again.", "Het lukte niet (status {status}). Probeer opnieuw."],
};

/** @type {Language} */
let current = preferred();

/** @returns {Language} */
function preferred() {
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "en" || tag === "nl");
  return known === "nl" ? "nl" : "en";
}

/** The language that is shown. */
export function language() {
  return current;
}

/** @param {string} lang `en`, `nl`, or "" for the browser's own */
export function setLanguage(lang) {
  current = lang === "en" || lang === "nl" ? lang : preferred();
}

/** A text in the language that is shown. @param {keyof typeof TEXTS} key
 * @param {Record<string, string | number>} [values] */
export function t(key, values = {}) {
  const forms = TEXTS[key][current === "nl" ? 1 : 0].split("|");
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (whole, name) => shown(values[name] ?? whole));
}

/** @param {string | number} value */
function shown(value) {
  return typeof value === "number" ? value.toLocaleString(current === "nl" ? "nl-NL" : "en-GB") : value;
}
