// The plans side by side: their names, what they start from, and what each costs; in the view that compares.

import {byId, element, replace} from "./dom.js";
import {extra, judged} from "./effects.js";
import {LONGEST, TABS} from "./link.js";
import {change, number} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

export class Plans {
  constructor(page) {
    this.page = page;
    this.box = byId("plans");
    this.body = byId("plans-table");
  }

  // A name that somebody gave, else the scenario that a plan starts from where that says something.
  static nameOf(state, tab, offer) {
    const base = offer.scenarios.find((one) => one.id === state.scenarios[tab]?.base);
    return state.names[tab] ?? (base && base.id !== "baseline" ? inLanguage(base.title) : "");
  }

  draw() {
    const {offer, store} = this.page;
    this.box.hidden = store.state.view !== "compare";
    if (this.box.hidden || this.body.contains(document.activeElement)) return;
    const [area, at] = [this.page.areaAt(), offer.years.indexOf(store.state.year)];
    const plans = this.page.series().slice(1);
    const indicator = offer.indicators.find((one) => one.id === this.page.aim());
    const span = {first: offer.first_year, last: offer.years[offer.years.length - 1]};
    const head = ["page.plans", "page.base", "page.extra_cost", "page.extra_unfunded", "page.debt_room_short"].map((key) => element("th", {scope: "col"}, text(key, span)));
    replace(this.body, element("caption", {class: "hidden"}, text("page.plans_title")),
      element("thead", {}, element("tr", {}, ...head, element("th", {scope: "col"}, `${inLanguage(indicator.title)} ${store.state.year}`))),
      element("tbody", {}, ...plans.map(({name, figures}) => this._row(name, figures, {area, at, indicator}))));
  }

  _row(tab, figures, {area, at, indicator}) {
    const {offer, store} = this.page;
    const base = this.page.reference();
    const [last, count] = [offer.years.length - 1, offer.years.filter((year) => year >= offer.first_year).length];
    const room = (one) => offer.debt_limit * one.value(offer.money.revenue, last, area) - one.value(offer.money.debt, last, area);
    const amounts = [["public", extra(offer.money.public, offer, base, figures, area)], ["unfunded", extra(offer.money.unfunded, offer, base, figures, area) / count], ["room", room(figures) - room(base)]];
    const reach = (office) => {
      const ends = this.page.bands.change(tab, `money ${office}`, last, area);
      return ends ? ` [${ends.map((end) => number(end / (office === "unfunded" ? count : 1), "yuan", {sign: true})).join(text("page.to"))}]` : "";
    };
    const level = base.value(indicator.id, at, area);
    const {sign, words} = judged(figures.value(indicator.id, at, area) - level, level, indicator);
    return element("tr", {"data-plan": tab}, element("th", {scope: "row"}, this._name(tab)),
      element("td", {class: "wrap"}, inLanguage(offer.scenarios.find((one) => one.id === store.state.scenarios[tab].base).title)),
      ...amounts.map(([office, amount]) => element("td", {class: "wrap"}, number(amount, "yuan", {sign: true}) + reach(office))),
      element("td", {class: "wrap"}, sign === "●" ? `${sign} ${words}` : `${change(figures.value(indicator.id, at, area) - level, indicator.unit)} ${sign} ${words}`));
  }

  _name(tab) {
    const {offer, store} = this.page;
    return element("input", {type: "text", class: `tab tab-${tab}`, maxlength: LONGEST, value: store.state.names[tab] ?? "", placeholder: `${tab} ${Plans.nameOf({...store.state, names: {}}, tab, offer)}`.trim(),
      "aria-label": text("page.plan_name", {name: tab}), onchange: (event) => this._rename(tab, event.target.value.trim())});
  }

  _rename(tab, name) {
    const names = Object.fromEntries(TABS.map((one) => [one, one === tab ? name : this.page.store.state.names[one]]).filter(([, words]) => words));
    this.page.rebuild({names});
  }
}
