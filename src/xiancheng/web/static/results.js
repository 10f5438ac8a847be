// The result table, and cost and debt room, which are always in sight.

import {aboutButton} from "./about.js";
import {byId, element, replace, write} from "./dom.js";
import {extra, judged} from "./effects.js";
import {rowSearch} from "./find.js";
import {Sight} from "./sight.js";
import {MISSING, bare, change, number, unitName} from "./numbers.js";
import {inLanguage, text} from "./texts.js";


export class Results {
  constructor(page) {
    this.page = page;
    this.mark = "";
    this.lines = [];
    this.facts = [];
    this.sight = new Sight(() => this._fill());
    this.sight.watch([byId("results")]);
  }

  // Every line of the table, what the levers are for first, as plain numbers, for the screen and for the file.
  rows() {
    const {offer, store} = this.page;
    const at = offer.years.indexOf(store.state.year);
    const area = this.page.areaAt();
    const level = offer.areas[area].level;
    const own = this.page.own();
    const shown = new Set([...offer.indicators.filter((one) => one.headline).map((one) => one.id), ...store.state.charts, ...own]);
    const first = own.map((id) => offer.indicators.find((one) => one.id === id));
    const ordered = [...first, ...offer.indicators.filter((one) => shown.has(one.id) && !own.includes(one.id))];
    return ordered.filter((one) => one.levels.includes(level)).map((indicator) => ({
      indicator,
      isOwn: own.includes(indicator.id),
      cells: this.page.series().map(({name, figures}) => ({
        name,
        value: figures.value(indicator.id, at, area),
        change: figures.value(indicator.id, at, area) - this.page.reference().value(indicator.id, at, area),
        met: figures.met(indicator.id, area),
      })),
    }));
  }

  // The table and the money; while a lever is dragged the cells stay and only their words change.
  draw(dragging) {
    if (this.sight.wants(byId("results"), dragging)) this._fill();
    this._money();
  }

  _fill() {
    const {store} = this.page;
    const rows = this.rows();
    const compared = this.page.series().slice(1).map((one) => one.name);
    const mark = JSON.stringify([store.state.lang, compared.map((name) => this.page.nameOf(name)), rows.map((row) => row.indicator.id)]);
    if (mark !== this.mark) this._build(rows, compared);
    this.mark = mark;
    byId("results").toggleAttribute("data-rest", this.page.atRest());
    const title = text("page.results_at", {place: this.page.areaName(this.page.areaAt()), year: store.state.year});
    for (const place of [byId("results-title"), this.caption]) write(place, title);
    rows.forEach((row, at) => this._write(this.lines[at], row));
    write(byId("unaided"), this._unaided());
  }

  // What becomes of figures in the baseline, without any policy: they stand beside what a plan does.
  _unaided() {
    const {offer} = this.page;
    const area = this.page.areaAt();
    const level = offer.areas[area].level;
    const items = offer.indicators.filter((one) => offer.unaided.includes(one.id) && one.levels.includes(level))
      .map((one) => unaidedItem(one, offer.years, (at) => this.page.reference().value(one.id, at, area))).filter(Boolean);
    return items.length ? text("unaided.sentence", {area: this.page.areaName(area), items: items.join(text("unaided.separator"))}) : "";
  }

  // Lines that are there stay, wherever they move to, so that a drag leaves what somebody reads or has chosen.
  _build(rows, compared) {
    const form = JSON.stringify([this.page.store.state.lang, compared.map((name) => this.page.nameOf(name))]);
    const before = form === this.form ? new Map(this.lines.map((line) => [line.row.dataset.indicator, line])) : new Map();
    this.form = form;
    this.lines = rows.map(({indicator}) => before.get(indicator.id) ?? this._line(indicator, compared));
    rows.forEach(({isOwn}, at) => this.lines[at].row.classList.toggle("own", isOwn));
    if (before.size) return replace(this.body, ...this.lines.map((one) => one.row));
    const head = element("tr", {}, th("page.indicator"), th("page.baseline"),
      ...compared.flatMap((name) => [element("th", {scope: "col", class: "plan"}, this.page.nameOf(name)),
        element("th", {scope: "col", class: "plan"}, text("page.change_of", {name: this.page.shortName(name)}))]),
      th("page.target"), th("page.year_met"));
    this.caption = element("caption", {class: "hidden"});
    this.body = element("tbody", {}, ...this.lines.map((one) => one.row));
    replace(byId("results-search"), rowSearch("page.result_search", () => this.lines.map((one) => one.row)));
    return replace(byId("results"), this.caption, element("thead", {}, head), this.body);
  }

  _line(indicator, compared) {
    const plans = compared.map(() => ({value: element("td", {class: "plan"}), change: element("span"), judged: element("span", {class: "judged"})}));
    const [base, met] = [element("td"), element("td", {class: "wrap"})];
    const row = element("tr", {"data-indicator": indicator.id},
      element("th", {scope: "row"}, aboutButton(this.page, indicator), element("span", {class: "unit"}, ` ${unitName(indicator.unit)}`)),
      base, ...plans.flatMap((one) => [one.value, element("td", {class: "change plan"}, one.change, " ", one.judged)]),
      element("td", {class: "wrap"}, targetOf(indicator)), met);
    return {row, base, plans, met};
  }

  _write({base, plans, met}, {indicator, cells}) {
    const {offer, store} = this.page;
    const last = offer.years[offer.years.length - 1];
    const {unit} = indicator;
    write(base, bare(cells[0].value, unit));
    cells.slice(1).forEach((cell, at) => {
      const {sign, words} = judged(cell.change, cells[0].value, indicator);
      write(plans[at].value, bare(cell.value, unit));
      const reach = this.page.bands.change(cell.name, indicator.id, offer.years.indexOf(store.state.year), this.page.areaAt());
      const band = reach ? ` (${reach.map((end) => change(end, unit)).join(text("page.to"))}${this.page.bands.mark(indicator.id)})` : "";
      write(plans[at].change, sign === "●" && !reach ? "" : change(cell.change, unit) + band);
      write(plans[at].judged, `${sign} ${words}`);
    });
    write(met, metOf(cells.slice(1).map((cell) => cell.met), last));
  }

  _money() {
    const {offer} = this.page;
    const {public: spent, unfunded, revenue, debt} = offer.money;
    const there = [spent, unfunded, revenue, debt].every((id) => offer.indicators.some((one) => one.id === id)) && offer.debt_limit;
    byId("money").hidden = !there;
    if (!there) return;
    const area = this.page.areaAt();
    const mine = this.page.current();
    const base = this.page.reference();
    const count = offer.years.filter((year) => year >= offer.first_year).length;
    const last = offer.years.length - 1;
    const room = (figures) => offer.debt_limit * figures.value(revenue, last, area) - figures.value(debt, last, area);
    const span = {first: offer.first_year, last: offer.years[last]};
    const reach = (office) => {
      const ends = this.page.bands.change(this.page.store.state.tab, `money ${office}`, last, area);
      const scale = office === "unfunded" ? count : 1;
      return ends ? ` [${ends.map((end) => number(end / scale, "yuan", {sign: true})).join(text("page.to"))}]` : "";
    };
    const said = [
      [text("page.extra_cost", span), number(extra(spent, offer, base, mine, area), "yuan", {sign: true}) + reach("public")],
      [text("page.extra_unfunded", span), `${number(extra(unfunded, offer, base, mine, area) / count, "yuan", {sign: true})}${reach("unfunded")} (${text("page.unfunded_last", span)} ${number(mine.value(unfunded, last, area) - base.value(unfunded, last, area), "yuan", {sign: true})})`],
      [text("page.debt_room", {year: offer.years[last], ratio: offer.debt_limit}), `${number(room(mine), "yuan")} (${number(room(mine) - room(base), "yuan", {sign: true})}${reach("room")})`],
    ];
    if (!this.facts.length) {
      this.facts = said.map(() => [element("dt"), element("dd")]);
      replace(byId("money"), ...this.facts.map((pair) => element("div", {}, ...pair)));
    }
    said.forEach((words, at) => words.forEach((one, part) => write(this.facts[at][part], one || MISSING)));
  }
}

const SMALL = 0.02;

// A figure at its first and last year with a value; "" where it stays as it is.
function unaidedItem(indicator, years, value) {
  const present = years.map((_, at) => at).filter((at) => Number.isFinite(value(at)));
  if (!present.length) return "";
  const [first, last] = [present[0], present[present.length - 1]];
  const [before, after] = [value(first), value(last)];
  if (Math.abs(after - before) <= SMALL * Math.max(Math.abs(before), Math.abs(after))) return "";
  return text("unaided.item", {title: inLanguage(indicator.title), start: years[first], end: years[last],
    before: number(before, indicator.unit), after: number(after, indicator.unit)});
}

export function targetOf(indicator) {
  if (!indicator.target) return "";
  const words = Number.isFinite(Number(indicator.target)) ? bare(Number(indicator.target), indicator.unit) : text(`target.${indicator.target}`);
  return `${words} (${indicator.target_year})`;
}

// The year from which each plan meets the target; once where all do alike.
function metOf(years, last) {
  if (years[0] === undefined) return "";
  const words = years.map((year) => year ?? text("page.not_met", {year: last}));
  return (new Set(words).size > 1 ? words : words.slice(0, 1)).join(" / ");
}

function th(key) {
  return element("th", {scope: "col"}, text(key));
}
