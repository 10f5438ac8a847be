// Long lists with a box that narrows them: choices, and rows that are there already.

import {element} from "./dom.js";
import {text} from "./texts.js";

const LONG = 12;

// A choice with its label and, where it is long, a box above it: what does not hold the words is left out, Enter takes the first that is left.
export function searched(key, select) {
  const name = text(key);
  const label = element("label", {for: select.id}, name);
  if (select.options.length <= LONG) return element("div", {class: "field"}, label, select);
  const box = element("input", {type: "search", class: "find", "aria-label": text("page.search_in", {list: name}), placeholder: text("page.search_short"),
    oninput: () => narrow(select, box.value), onkeydown: (event) => { if (event.key === "Enter") take(select, box); }});
  return element("div", {class: "field"}, label, box, select);
}

function narrow(select, words) {
  const wanted = words.trim().toLowerCase();
  for (const option of select.options) option.hidden = !`${option.textContent} ${option.value}`.toLowerCase().includes(wanted);
  for (const group of select.querySelectorAll("optgroup")) group.hidden = ![...group.children].some((option) => !option.hidden);
}

function take(select, box) {
  const first = [...select.options].find((option) => !option.hidden && option.value !== "");
  if (!first || !box.value.trim()) return;
  select.value = first.value;
  box.value = "";
  narrow(select, "");
  select.dispatchEvent(new Event("change", {bubbles: true}));
}

// A box that hides rows without its words; `rows` gives those that are there when it is used.
export function rowSearch(key, rows) {
  const box = element("input", {type: "search", oninput: () => {
    const wanted = box.value.trim().toLowerCase();
    for (const row of rows()) row.hidden = !`${row.textContent} ${row.dataset.indicator ?? ""}`.toLowerCase().includes(wanted);
  }});
  return element("label", {class: "search"}, element("span", {}, text(key)), box);
}
