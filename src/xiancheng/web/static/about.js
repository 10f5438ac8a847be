// What an indicator is, opened by touch or key: meaning, unit, mark, target, articles, and the change that counts.

import {element, replace} from "./dom.js";
import {number, unitName} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

let box = null;

// The name of an indicator as a button that opens what it is.
export function aboutButton(page, indicator) {
  return element("button", {type: "button", class: "about", "aria-haspopup": "dialog", onclick: () => open(page, indicator)}, inLanguage(indicator.title));
}

function open(page, indicator) {
  if (!box) {
    box = element("dialog", {class: "about-box", "aria-labelledby": "about-title"});
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    document.body.append(box);
  }
  replace(box, element("h2", {id: "about-title"}, inLanguage(indicator.title)), element("p", {}, inLanguage(indicator.definition)),
    element("dl", {class: "facts"}, ...facts(page, indicator)),
    element("button", {type: "button", onclick: () => box.close()}, text("page.close")));
  box.showModal();
}

function facts(page, indicator) {
  const {offer} = page;
  const [first, later] = [indicator.evidence, indicator.evidence_later].map((mark) => text(`evidence.${mark}`));
  const target = Number(indicator.target);
  const [amount, part] = indicator.least;
  const least = [amount ? number(amount, indicator.unit) : null, part ? text("page.about_part", {part: number(part, "share")}) : null].filter(Boolean);
  const lines = [
    ["page.about_unit", unitName(indicator.unit)],
    ["page.evidence", text("page.marks", {year: offer.years[0], first, later})],
    ["page.target", indicator.target && Number.isFinite(target) ? `${number(target, indicator.unit)} (${indicator.target_year}) · ${indicator.target_source}` : ""],
    ["page.article", indicator.articles],
    ["page.about_least", least.join(" / ")],
    ["page.about_levels", indicator.resolution === "province" ? text("page.map_province") : ""],
    ["page.about_command", `xiancheng show ${indicator.id}`],
  ];
  return lines.filter(([, words]) => words && String(words).length).flatMap(([key, words]) => [element("dt", {}, text(key)), element("dd", {}, String(words))]);
}
