// The drawer of assumptions: value, range, source and mark; those that are changed are listed in sight.

import {byId, choice, element, replace} from "./dom.js";
import {rowSearch} from "./find.js";
import {unitName} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

export class Assumptions {
  constructor(page) {
    this.page = page;
  }

  // The assumptions of the scenario in hand that differ from the study: [[assumption, words]].
  changed() {
    const {offer, store} = this.page;
    const scenario = store.state.scenarios[store.state.tab];
    const base = offer.scenarios.find((one) => one.id === scenario.base)?.assumptions ?? {};
    const words = (value) => (typeof value === "object" ? Object.entries(value).map(([year, one]) => `${one} (${year})`).join(", ") : String(value));
    const own = Object.fromEntries(Object.entries(scenario.assumptions).map(([id, one]) => [id, typeof one.value === "string" ? one.value : `${one.value} (${one.year})`]));
    const all = {...Object.fromEntries(Object.entries(base).map(([id, value]) => [id, words(value)])), ...own};
    return Object.entries(all).map(([id, said]) => [offer.assumptions.find((one) => one.id === id), said]).filter(([one]) => one);
  }

  build() {
    replace(byId("assumptions-body"), element("p", {class: "fine"}, text("page.assumptions_about")),
      rowSearch("page.assumption_search", () => byId("assumptions-body").querySelectorAll(".assumption")), ...this.page.offer.assumptions.map((one) => this._one(one)));
    this.show();
  }

  _one(one) {
    const {offer, store} = this.page;
    const scenario = store.state.scenarios[store.state.tab];
    const own = scenario.assumptions[one.id];
    const name = inLanguage(one.title);
    const control = one.kind === "column"
      ? choice({"aria-label": name, onchange: (event) => this._set(one, event.target.value === one.baseline ? null : {value: event.target.value})},
        one.columns.map((column) => [column, column]), own?.value ?? one.baseline)
      : element("input", {type: "number", min: one.low, max: one.high, step: "any", "aria-label": name, value: own?.value ?? one.baseline,
        onchange: (event) => {
          const value = Math.min(one.high, Math.max(one.low, Number(event.target.value)));
          if (event.target.value !== "" && Number.isFinite(value)) this._set(one, value === one.baseline ? null : {value, year: own?.year ?? offer.first_year + 4});
        }});
    const range = one.kind === "column" ? one.columns.join(", ") : `${one.low} – ${one.high}`;
    return element("div", {class: "assumption"}, element("p", {}, element("strong", {}, name), ` · ${unitName(one.unit)}`), control,
      own?.year ? element("span", {class: "fine"}, ` ${text("page.from_year", {year: own.year})}`) : null,
      element("p", {class: "fine"}, inLanguage(one.meaning)),
      element("p", {class: "fine"}, `${text("page.range")}: ${range} · ${text(`evidence.${one.evidence}`)} · `, element("span", {lang: "en"}, one.source)));
  }

  _set(one, told) {
    this.page.change((scenario) => {
      const assumptions = {...scenario.assumptions};
      if (told) assumptions[one.id] = told;
      else delete assumptions[one.id];
      return {...scenario, assumptions};
    });
    this.build();
  }

  show() {
    const found = this.changed();
    const box = byId("changed-assumptions");
    box.hidden = !found.length;
    box.textContent = found.length ? text("page.changed_assumptions", {list: found.map(([one, said]) => `${inLanguage(one.title)} = ${said}`).join(text("list.separator"))}) : "";
  }
}
