// The result table, and cost and debt room, which are always in sight.

import {byId, element, replace} from "./dom.js";
import {MISSING, bare, change, number, unitName} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

const FIRST_OF_POLICY = 2026;
export const MONEY = ["public_money", "unfunded_money", "public_revenue", "explicit_debt"];

// Whether a difference is for better or worse: {sign, words}.
export function judged(difference, indicator) {
  if (!Number.isFinite(difference)) return {sign: "", words: ""};
  if (!/[1-9]/.test(change(difference, indicator.unit))) return {sign: "●", words: text("page.same")};
  if (indicator.direction === "neither") return {sign: difference > 0 ? "↑" : "↓", words: text(difference > 0 ? "page.more" : "page.less")};
  const better = (difference > 0) === (indicator.direction === "higher");
  return {sign: better ? "▲" : "▼", words: text(better ? "page.better" : "page.worse")};
}

export class Results {
  constructor(page) {
    this.page = page;
  }

  // Every line of the table as plain numbers, for the screen and for the file.
  rows() {
    const {offer, store} = this.page;
    const at = offer.years.indexOf(store.state.year);
    const area = this.page.areaAt();
    const level = offer.areas[area].level;
    const wanted = new Set([...offer.indicators.filter((one) => one.headline).map((one) => one.id), ...store.state.charts]);
    return offer.indicators.filter((one) => wanted.has(one.id) && one.levels.includes(level)).map((indicator) => ({
      indicator,
      cells: this.page.series().map(({name, figures}) => ({
        name,
        value: figures.value(indicator.id, at, area),
        change: figures.value(indicator.id, at, area) - this.page.reference().value(indicator.id, at, area),
        met: figures.met(indicator.id, area),
      })),
    }));
  }

  draw() {
    const {offer, store} = this.page;
    const rows = this.rows();
    const compared = this.page.series().slice(1);
    byId("results-title").textContent = text("page.results_at", {place: this.page.areaName(this.page.areaAt()), year: store.state.year});
    const last = offer.years[offer.years.length - 1];
    const head = element("tr", {}, th("page.indicator"), th("page.baseline"),
      ...compared.flatMap(({name}) => [element("th", {scope: "col"}, this.page.nameOf(name)), element("th", {scope: "col"}, text("page.change_of", {name: this.page.shortName(name)}))]),
      th("page.target"), th("page.year_met"));
    const body = rows.map(({indicator, cells}) => element("tr", {"data-indicator": indicator.id},
      element("th", {scope: "row", title: inLanguage(indicator.definition)}, inLanguage(indicator.title), element("span", {class: "unit"}, ` ${unitName(indicator.unit)}`)),
      element("td", {}, bare(cells[0].value, indicator.unit)),
      ...cells.slice(1).flatMap((cell) => {
        const {sign, words} = judged(cell.change, indicator);
        return [element("td", {}, bare(cell.value, indicator.unit)),
          element("td", {class: "change"}, `${change(cell.change, indicator.unit)} `, element("span", {class: "judged"}, `${sign} ${words}`))];
      }),
      element("td", {class: "wrap"}, targetOf(indicator)),
      element("td", {class: "wrap"}, cells[cells.length - 1].met === undefined ? "" : cells.slice(1).map((cell) => cell.met ?? text("page.not_met", {year: last})).join(" / "))));
    replace(byId("results"), element("caption", {class: "hidden"}, byId("results-title").textContent), element("thead", {}, head), element("tbody", {}, ...body));
    this._money();
  }

  // How many lines of the table get better and worse, for the announcement.
  balance() {
    const all = this.rows().map(({indicator, cells}) => judged(cells[cells.length - 1].change, indicator).sign);
    return {better: all.filter((sign) => sign === "▲").length, worse: all.filter((sign) => sign === "▼").length};
  }

  _money() {
    const {offer} = this.page;
    const there = MONEY.every((id) => offer.indicators.some((one) => one.id === id)) && offer.debt_ceiling_ratio;
    byId("money").hidden = !there;
    if (!there) return;
    const area = this.page.areaAt();
    const mine = this.page.current();
    const base = this.page.reference();
    const years = offer.years.map((year, at) => (year >= FIRST_OF_POLICY ? at : -1)).filter((at) => at >= 0);
    const extra = (id) => years.reduce((sum, at) => sum + mine.value(id, at, area) - base.value(id, at, area), 0);
    const last = offer.years.length - 1;
    const room = (figures) => offer.debt_ceiling_ratio * figures.value("public_revenue", last, area) - figures.value("explicit_debt", last, area);
    const span = {first: offer.years[years[0]], last: offer.years[last]};
    replace(byId("money"),
      fact(text("page.extra_cost", span), number(extra("public_money"), "yuan", {sign: true})),
      fact(text("page.extra_unfunded", span), number(extra("unfunded_money"), "yuan", {sign: true})),
      fact(text("page.debt_room", {year: offer.years[last], ratio: offer.debt_ceiling_ratio}), `${number(room(mine), "yuan")} (${number(room(mine) - room(base), "yuan", {sign: true})})`));
  }
}

function targetOf(indicator) {
  if (!indicator.target) return "";
  const words = Number.isFinite(Number(indicator.target)) ? bare(Number(indicator.target), indicator.unit) : text(`target.${indicator.target}`);
  return `${words} (${indicator.target_year})`;
}

function th(key) {
  return element("th", {scope: "col"}, text(key));
}

function fact(name, words) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, words || MISSING));
}
