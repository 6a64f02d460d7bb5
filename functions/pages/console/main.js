// @ts-check
// Starts the page: with the demo's key where `make run` gives one, else with the key that somebody enters.

import { Api } from "./api.js";
import { allCustomers, door } from "./door.js";
import { byId, el } from "./dom.js";
import { App } from "./app.js";
import { problemView } from "./parts.js";
import { setLanguage, t } from "./texts.js";
import { readView } from "./view.js";

const demo = document.querySelector("meta[name='saldo-demo']")?.getAttribute("content")?.split(" ") ?? [];

/** Asks for a key, in the language of the fragment. */
function ask() {
  setLanguage(readView(location.hash).lang);
  byId("notice").replaceChildren();
  for (const id of ["report", "imports", "downloads"]) byId(id).hidden = true;
  for (const id of ["customer", "tools", "span"]) byId(id).replaceChildren();
  door(byId("door"), (api, customers) => new App(api, customers, "", ask).show());
}

async function start() {
  setLanguage(readView(location.hash).lang);
  const [key, customerId] = demo;
  if (!key) return ask();
  byId("notice").replaceChildren(el("p", {}, t("loading")));
  const api = new Api(key);
  try {
    await new App(api, await allCustomers(api), customerId ?? "", ask).show();
  } catch (error) {
    byId("notice").replaceChildren(problemView(error, start));
  }
}

start();
