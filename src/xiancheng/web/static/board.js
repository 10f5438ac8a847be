// The board of the evaluation: every aim with its indicators before the policy and in the year shown; asked for when opened.

import {byId, element, replace} from "./dom.js";
import {bare, unitName} from "./numbers.js";
import {targetOf} from "./results.js";
import {inLanguage, text} from "./texts.js";

export class Board {
  constructor(page) {
    this.page = page;
    const drawer = byId("board");
    drawer.hidden = !page.offer.aims.length;
    drawer.addEventListener("toggle", () => { if (drawer.open) page.look(); });
  }

  // The indicators that it needs, none while it is closed.
  ids() {
    return byId("board").open ? this.page.offer.aims.flatMap((aim) => aim.indicators) : [];
  }

  draw() {
    if (!byId("board").open) return;
    const {offer, store} = this.page;
    const place = this.page.areaName(this.page.areaAt());
    const plans = this.page.series();
    const head = element("tr", {}, th(text("page.indicator")), th(text("board.at", {name: text("page.baseline"), year: offer.baseline_year})),
      ...plans.map((plan) => th(text("board.at", {name: this.page.nameOf(plan.name), year: store.state.year}))), th(text("page.target")));
    replace(byId("board-table"), element("caption", {}, text("board.heading", {area: place})), element("thead", {}, head),
      ...offer.aims.map((aim) => this._aim(aim, plans)));
  }

  _aim(aim, plans) {
    const {offer, store} = this.page;
    const area = this.page.areaAt();
    const level = offer.areas[area].level;
    const [before, now] = [offer.baseline_year, store.state.year].map((year) => offer.years.indexOf(year));
    const rows = aim.indicators.map((id) => offer.indicators.find((one) => one.id === id)).filter((one) => one?.levels.includes(level));
    return element("tbody", {}, element("tr", {}, element("th", {scope: "rowgroup", colspan: 3 + plans.length, class: "aim"}, inLanguage(aim.title))),
      ...rows.map((one) => element("tr", {"data-indicator": one.id},
        element("th", {scope: "row", title: inLanguage(one.definition)}, inLanguage(one.title), element("span", {class: "unit"}, ` ${unitName(one.unit)}`)),
        ...[[plans[0], before], ...plans.map((plan) => [plan, now])].map(([plan, at]) => element("td", {}, bare(plan.figures.value(one.id, at, area), one.unit))),
        element("td", {class: "wrap"}, targetOf(one)))));
  }
}

function th(words) {
  return element("th", {scope: "col"}, words);
}
