// @ts-check
// Makes elements. Text only ever becomes text nodes and attributes, never markup, and no style attribute is written:
// the page's policy forbids both.

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Props */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, listeners (`onclick`) and children; what is null, undefined or false is left out.
 * @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {Props} [props] @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]} */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  fill(node, props, children);
  return node;
}

/** An SVG element, made as `el` makes one. @template {keyof SVGElementTagNameMap} K @param {K} tag
 * @param {Props} [props] @param {...Child} children @returns {SVGElementTagNameMap[K]} */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  fill(node, props, children);
  return node;
}

/** @param {Element} node @param {Props} props @param {Child[]} children */
function fill(node, props, children) {
  for (const child of children) if (child) node.append(child);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in node) node.value = String(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** The element of the page with this id. Throws if the page has none. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no #${id}`);
  return node;
}

/** What a bank or a user wrote: text whose direction cannot spill over. @param {string | null | undefined} text
 * @param {string} [className] */
export function foreign(text, className) {
  return el("bdi", { class: className }, text ?? "");
}

/** A button. @param {string} label @param {(event: any) => void} onclick @param {Props} [props] */
export function button(label, onclick, props = {}) {
  return el("button", { type: "button", onclick, ...props }, label);
}

/** The same, with hooks for tests and labels: an amount with its exact value. @param {number} value
 * @param {string} shown @param {string} [figure] */
export function amount(value, shown, figure) {
  return el("data", { value, "data-figure": figure, class: value < 0 ? "minus" : null }, shown);
}
