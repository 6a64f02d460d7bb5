// @ts-check
// Calls the API, relative to the page's own address (the stage is in its path). The key lives in this module's
// objects only: it is never in an address, in storage, or in the curl that is shown. `Schemas` are the types of the
// contract document, which the type check knows.

/** @typedef {Schemas["Pivot"]} Pivot */
/** @typedef {Schemas["GroupShape"]} GroupShape */
/** @typedef {Schemas["CustomerShape"]} Customer */
/** @typedef {Schemas["Transaction"]} Transaction */
/** @typedef {Schemas["Listing"]} Listing */
/** @typedef {Schemas["ImportShape"]} ImportShape */
/** @typedef {Schemas["JobShape"]} JobShape */
/** @typedef {Schemas["DownloadLink"]} DownloadLink */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Query */
/** @typedef {{query?: Query, json?: unknown, bytes?: Blob, filename?: string,
 *   headers?: Record<string, string>}} Sent */

const ROOT = new URL("./", document.baseURI);
const TRIES = 4;
const REPEATABLE = ["GET", "PATCH", "DELETE"];

/** An answer that is a problem (RFC 9457), or none at all (`status` 0). */
export class Problem extends Error {
  /** @param {number} status @param {{detail?: string, code?: string, requestId?: string}} body */
  constructor(status, body) {
    super(body.detail ?? "");
    this.status = status;
    this.code = body.code ?? "";
    this.requestId = body.requestId ?? "";
  }

  /** The scope that the key lacks, or "". */
  get scope() {
    return this.status === 403 ? (/scopes? ([a-z]+:[a-z]+)/.exec(this.message)?.[1] ?? "") : "";
  }
}

/** @param {number} seconds */
export function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** An address of the API: the parts of its path are escaped, and empty parameters left out. @param {string[]} path
 * @param {Query} [query] */
export function address(path, query = {}) {
  const url = new URL(path.map(encodeURIComponent).join("/"), ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

/** The same call as a command: the key is a variable, the rest is quoted for sh. @param {string} method
 * @param {string[]} path @param {Sent} [sent] */
export function curl(method, path, sent = {}) {
  const parts = ["curl", method === "GET" ? "" : `-X ${method}`, '-H "x-api-key: $SALDO_KEY"'];
  for (const [name, value] of Object.entries(headersOf(sent))) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (sent.json !== undefined) parts.push(`-d ${quoted(JSON.stringify(sent.json))}`);
  if (sent.filename !== undefined) parts.push(`--data-binary ${quoted(`@${sent.filename}`)}`);
  return [...parts, quoted(address(path, sent.query).href)].filter(Boolean).join(" ");
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @param {Sent} sent @returns {Record<string, string>} */
function headersOf({ json, bytes, filename, headers }) {
  /** @type {Record<string, string>} */
  const types = json !== undefined ? { "Content-Type": "application/json" } : {};
  if (bytes || filename !== undefined) types["Content-Type"] = "application/octet-stream";
  return { ...types, ...headers };
}

export class Api {
  #key;

  /** @param {string} key */
  constructor(key) {
    this.#key = key;
  }

  /** The answer to a call, as JSON. What the API asks to send again later is sent again, after `Retry-After`, if
   * sending twice is harmless. Throws Problem. @param {string} method @param {string[]} path @param {Sent} [sent]
   * @returns {Promise<any>} */
  async call(method, path, sent = {}) {
    const headers = { "x-api-key": this.#key, ...headersOf(sent) };
    const body = sent.json !== undefined ? JSON.stringify(sent.json) : sent.bytes;
    for (let tries = 1; ; tries++) {
      const answer = await ask(address(path, sent.query), { method, headers, body, cache: "no-store" });
      if (answer.ok) return answer.status === 204 ? null : answer.json();
      const again = answer.status === 429 || (answer.status === 503 && REPEATABLE.includes(method));
      if (!again || tries === TRIES) throw new Problem(answer.status, await answer.json().catch(() => ({})));
      await pause(wait(answer, tries));
    }
  }

  /** @param {string[]} path @param {Query} [query] */
  get(path, query) {
    return this.call("GET", path, { query });
  }
}

/** Sends a file to its link, with the link's headers and without the key. @param {Schemas["Upload"]} upload
 * @param {Blob} file */
export async function send(upload, file) {
  const answer = await ask(new URL(upload.url), { method: upload.method, headers: upload.headers, body: file });
  if (!answer.ok) throw new Problem(answer.status, { detail: answer.statusText });
}

/** @param {URL} url @param {RequestInit} init */
async function ask(url, init) {
  try {
    return await fetch(url, { ...init, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw new Problem(0, {});
  }
}

/** Seconds until the next try: what the answer says, else more with each try. @param {Response} answer
 * @param {number} tries */
function wait(answer, tries) {
  const seconds = Number(answer.headers.get("Retry-After"));
  return seconds > 0 ? Math.min(seconds, 60) : tries;
}
