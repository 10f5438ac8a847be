// Six charts: a line for each scenario, bands on demand, and the same numbers as a table.

import {aboutButton} from "./about.js";
import {byId, element, replace, write} from "./dom.js";
import {drawing, lineSpec, span} from "./drawing.js";
import {Readout} from "./readout.js";
import {MISSING, bare, number, unitName} from "./numbers.js";
import {Sight} from "./sight.js";
import {pictureButtons} from "./takeaway.js";
import {inLanguage, text} from "./texts.js";

export class Lines {
  // page: the page with offer, store, figuresOf(name), series(), areaAt()
  constructor(page) {
    this.page = page;
    this.cards = [];
    this.asTable = new Set();
    this.chosen = new Set();
    this.sight = new Sight((figure) => this._draw(this.cards.find((card) => card.figure === figure), true));
  }

  // Builds the cards anew: another chart, language or width.
  async build() {
    const {offer, store} = this.page;
    for (const card of this.cards) card.drawing?.forget();
    this.cards = store.state.charts.map((id, position) => this._card(offer.indicators.find((one) => one.id === id), position));
    replace(byId("charts"), ...this.cards.map((card) => card.figure));
    this.sight.watch(this.cards.map((card) => card.figure));
    const width = this._width();
    await Promise.all(this.cards.map(async (card) => {
      card.drawing = await drawing(card.plot, lineSpec(card.indicator.unit, width));
    }));
  }

  // Puts the figure that the lever in hand is for in sight: where no chart shows it, the first chart that nobody chose gives way.
  async front(id) {
    const {offer, store} = this.page;
    const at = this.cards.findIndex((card) => card.indicator.id === id);
    const position = at >= 0 ? at : Math.max(0, this.cards.findIndex((card) => !this.chosen.has(card.indicator.id)));
    if (at < 0) await this._swap(position, offer.indicators.find((one) => one.id === id));
    this.cards.forEach((card, index) => card.figure.classList.toggle("first", index === position));
    return {figure: this.cards[position].figure, charts: store.state.charts.map((one, index) => (index === position ? id : one))};
  }

  async _swap(position, indicator) {
    const before = this.cards[position];
    const card = this._card(indicator, position);
    before.figure.replaceWith(card.figure);
    this.cards[position] = card;
    this.sight.add(card.figure, before.figure);
    card.drawing = await drawing(card.plot, lineSpec(indicator.unit, this._width()));
    before.drawing?.forget();
  }

  _width() {
    return Math.max(220, (this.cards[0]?.plot.clientWidth || 300));
  }

  _card(indicator, position) {
    const {offer} = this.page;
    const options = offer.indicators.map((one) => element("option", {value: `${inLanguage(one.title)} · ${one.id}`}));
    const list = element("datalist", {id: `chart-list-${position}`}, ...options);
    const box = element("input", {
      type: "search", list: `chart-list-${position}`, class: "chart-search", "aria-label": text("page.chart_choose", {position: position + 1}),
      placeholder: text("page.chart_search"), onchange: (event) => this._choose(position, event.target.value),
    });
    const toggle = element("button", {type: "button", class: "quiet", "aria-pressed": String(this.asTable.has(position)), onclick: () => {
      if (!this.asTable.delete(position)) this.asTable.add(position);
      toggle.setAttribute("aria-pressed", String(this.asTable.has(position)));
      this.draw(false);
    }}, text("page.as_table"));
    const plot = element("div", {class: "plot", "aria-hidden": "true"});
    const readout = new Readout(plot, offer.years, indicator);
    readout.view = () => card.drawing?.view;
    const table = element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": text("page.table_of", {name: inLanguage(indicator.title)})});
    const summary = element("p", {class: "summary"});
    const figure = element("figure", {class: "chart", "data-indicator": indicator.id},
      element("figcaption", {}, element("strong", {}, aboutButton(this.page, indicator)),
        element("span", {class: "unit"}, `${unitName(indicator.unit)} · ${marks(indicator, offer)}`)),
      readout.frame, readout.words, table, summary, element("div", {class: "chart-tools"}, box, list, toggle, ...pictureButtons(() => card.drawing, indicator.id)));
    const card = {indicator, position, figure, plot, readout, table, summary, search: box, span: null};
    return card;
  }

  _choose(position, words) {
    const {offer, store} = this.page;
    const wanted = words.trim().toLowerCase();
    const found = offer.indicators.find((one) => wanted === `${inLanguage(one.title)} · ${one.id}`.toLowerCase() || wanted === one.id)
      ?? offer.indicators.find((one) => wanted && [one.id, one.title.zh, one.title.en].some((name) => name.toLowerCase().includes(wanted)));
    if (!found) return this.page.notices.say(() => text("page.chart_none", {word: words.slice(0, 60)}));
    const charts = [...store.state.charts];
    const other = charts.indexOf(found.id);
    if (other >= 0) charts[other] = charts[position];
    charts[position] = found.id;
    this.chosen.add(found.id);
    return this.page.rebuild({charts}).then(() => this.cards[position].search.focus());
  }

  // Draws the numbers at hand; axes stay as they are while a lever is dragged.
  async draw(dragging) {
    await Promise.all(this.cards.filter((card) => this.sight.wants(card.figure, dragging)).map((card) => this._draw(card, dragging)));
  }

  async _draw(card, dragging) {
    if (!card?.drawing) return;
    const {offer, store} = this.page;
    const {indicator} = card;
    const area = this.page.areaAt();
    const series = this.page.beside.series(indicator.id) ?? this.page.series().map(({name, figures}) => ({name, values: offer.years.map((_, at) => figures.value(indicator.id, at, area))}));
    const [nameOf, shortOf] = this.page.beside.ids().length ? [this.page.beside.nameOf, this.page.beside.nameOf] : [(name) => this.page.nameOf(name), (name) => this.page.shortName(name)];
    const bands = this.page.beside.ids().length ? [] : this._bands(indicator.id, area);
    const target = Number(indicator.target) && indicator.target !== "" ? [{value: Number(indicator.target)}] : [];
    if (!dragging || !card.span) {
      card.span = span([...series.flatMap((one) => one.values), ...bands.flatMap((one) => [one.low, one.high]), ...[...target, ...this._published(indicator.id, area)].map((one) => one.value)]);
    }
    this._say(card, series, area, nameOf);
    card.readout.take(series, nameOf);
    await card.drawing.set({room: this.page.beside.ids().length ? 6 : 3, low: card.span[0], high: card.span[1], first: offer.years[0], last: offer.years[offer.years.length - 1]}, {
      now: [{year: store.state.year}], target, band: bands, published: this._published(indicator.id, area),
      lines: series.flatMap((one) => one.values.map((value, at) => ({year: offer.years[at], value, series: one.name}))).filter((row) => Number.isFinite(row.value)),
      ends: ends(series, offer.years, card.span, shortOf),
    });
  }

  // What was published of the province since the census.
  _published(id, area) {
    const {offer} = this.page;
    return offer.areas[area].level === "province" ? (offer.published[id] ?? []).map(([year, value]) => ({year, value})) : [];
  }

  _bands(id, area) {
    const {offer} = this.page;
    return this.page.bands.of().flatMap(({name, figures}) => (figures.has(id) ? offer.years.map((year, at) => ({
      year, series: name, low: figures.band(id, 0, at, area), high: figures.band(id, 2, at, area),
    })) : [])).filter((row) => Number.isFinite(row.low));
  }

  _say(card, series, area, nameOf) {
    const {offer, store} = this.page;
    const {unit} = card.indicator;
    const at = offer.years.indexOf(store.state.year);
    const none = series.every((one) => one.values.every((value) => !Number.isFinite(value)));
    write(card.summary, none ? text("page.no_value_here", {place: this.page.areaName(area)})
      : [...series.map((one) => `${nameOf(one.name)} ${number(one.values[at], unit)}`), ...(this._published(card.indicator.id, area).length ? [text("page.published")] : [])].join(" · "));
    const shown = this.asTable.has(card.position);
    card.readout.frame.hidden = shown || none;
    card.table.hidden = !shown;
    if (shown) replace(card.table, twin(offer.years, series, unit, nameOf, this._bands(card.indicator.id, area)));
  }
}

// What the first year rests on and what later years do.
export function marks(indicator, offer) {
  const [first, later] = [indicator.evidence, indicator.evidence_later].map((mark) => text(`evidence.${mark}`));
  return text("page.marks", {year: offer.years[0], first, later});
}

// Labels at the ends of lines, moved apart where they would cover each other.
function ends(series, years, [low, high], nameOf) {
  const least = (high - low) * 0.1;
  const rows = series.map((one) => ({series: one.name, label: nameOf(one.name), year: years[years.length - 1], at: one.values[one.values.length - 1]}))
    .filter((row) => Number.isFinite(row.at)).sort((a, b) => a.at - b.at);
  for (let i = 1; i < rows.length; i += 1) rows[i].at = Math.max(rows[i].at, rows[i - 1].at + least);
  if (rows.length) rows[rows.length - 1].at = Math.min(rows[rows.length - 1].at, high - least / 3);
  for (let i = rows.length - 2; i >= 0; i -= 1) rows[i].at = Math.min(rows[i].at, rows[i + 1].at - least);
  return rows;
}

function twin(years, series, unit, nameOf, bands) {
  const spread = (name, year) => {
    const row = bands.find((one) => one.series === name && one.year === year);
    return row ? ` (${bare(row.low, unit)} – ${bare(row.high, unit)})` : "";
  };
  return element("table", {},
    element("thead", {}, element("tr", {}, element("th", {scope: "col"}, text("page.year")),
      ...series.map((one) => element("th", {scope: "col"}, nameOf(one.name))))),
    element("tbody", {}, ...years.map((year, at) => element("tr", {}, element("th", {scope: "row"}, String(year)),
      ...series.map((one) => element("td", {}, Number.isFinite(one.values[at]) ? bare(one.values[at], unit) + spread(one.name, year) : MISSING))))));
}

