// Who gains and who loses: the indicator of the map in the year in sight, place by place, sorted by any column; and before and after.

import {aboutButton} from "./about.js";
import {byId, element, replace, write} from "./dom.js";
import {drawing, scatterSpec, span} from "./drawing.js";
import {judged} from "./effects.js";
import {bare, change, number, unitName} from "./numbers.js";
import {pictureButtons} from "./takeaway.js";
import {inLanguage, text} from "./texts.js";

const LEVELS = ["place", "prefecture"];

export class Who {
  constructor(page) {
    this.page = page;
    this.box = byId("who");
    this.level = LEVELS[0];
    this.order = {column: "", isDown: true};
    this.words = "";
    this.box.addEventListener("toggle", () => { if (this.box.open) this.build().then(() => this.draw(false)); });
  }

  async build() {
    this.drawing?.forget();
    this.drawing = null;
    if (!this.box.open) return;
    const {store} = this.page;
    const level = (name) => element("button", {type: "button", class: "quiet", "aria-pressed": String(this.level === name), onclick: () => { this.level = name; this.build().then(() => this.draw(false)); }}, text(`page.who_${name}`));
    const search = element("input", {type: "search", id: "who-search", value: this.words, oninput: (event) => { this.words = event.target.value; this._table(); }});
    this.plot = element("div", {class: "plot", "aria-hidden": "true"});
    this.under = element("p", {class: "fine readout", "aria-hidden": "true"});
    this.sums = element("div", {class: "sums"});
    this.table = element("table", {id: "who-table"});
    this.title = element("p", {});
    replace(byId("who-body"), element("div", {class: "controls"}, ...LEVELS.map(level), element("label", {}, element("span", {}, text("page.place_search")), search), ...pictureButtons(() => this.drawing, `scatter_${store.state.map}`)),
      this.title, this.sums, element("div", {class: "who-parts"},
        element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": text("page.who")}, this.table),
        element("div", {}, this.plot, this.under, element("p", {class: "fine"}, text("page.scatter_about")))));
    const indicator = this._indicator();
    this.drawing = await drawing(this.plot, scatterSpec(indicator.unit, Math.max(240, this.plot.clientWidth || 300)), {
      onHover: (words) => write(this.under, words ?? ""), onClick: (datum) => datum.id && store.show({place: datum.id})});
  }

  _indicator() {
    return this.page.offer.indicators.find((one) => one.id === this.page.store.state.map);
  }

  // Each place with its level in the baseline and what each plan does to it.
  rows() {
    const {offer, store} = this.page;
    const indicator = this._indicator();
    const year = offer.years.indexOf(store.state.year);
    const [base, ...plans] = this.page.series();
    const prefectures = new Map(offer.areas.filter((one) => one.level === "prefecture").map((one) => [one.id, inLanguage(one.name)]));
    return offer.areas.map((area, at) => ({area, at})).filter(({area}) => area.level === this.level).map(({area, at}) => {
      const level = base.figures.value(indicator.id, year, at);
      const cells = plans.map(({name, figures}) => {
        const difference = figures.value(indicator.id, year, at) - level;
        return {name, difference, value: figures.value(indicator.id, year, at), ...judged(difference, level, indicator)};
      });
      return {id: area.id, name: inLanguage(area.name), prefecture: prefectures.get(area.prefecture) ?? "", level, cells};
    }).filter((row) => Number.isFinite(row.level));
  }

  async draw(dragging) {
    if (!this.box.open || dragging || !this.table || !this.page.series().every((one) => one.figures)) return;
    const indicator = this._indicator();
    replace(this.title, aboutButton(this.page, indicator), ` · ${this.page.store.state.year} · ${unitName(indicator.unit)}`);
    this._table();
    await this._scatter();
  }

  _table() {
    const rows = this.rows();
    const plans = this.page.series().slice(1);
    replace(this.sums, ...plans.map(({name}, at) => element("p", {}, this._summary(name, rows.map((row) => row.cells[at])))));
    const columns = [
      {key: "name", title: text("page.place"), value: (row) => row.name},
      ...(this.level === LEVELS[0] ? [{key: "prefecture", title: text("page.prefecture"), value: (row) => row.prefecture}] : []),
      {key: "level", title: text("page.baseline"), value: (row) => row.level},
      ...plans.map(({name}, at) => ({key: name, title: text("page.change_of", {name: this.page.nameOf(name)}), value: (row) => row.cells[at].difference})),
    ];
    const {isDown} = this.order;
    const sorted = columns.find((one) => one.key === this.order.column) ?? columns.find((one) => one.key === plans[0].name);
    const wanted = this.words.trim().toLowerCase();
    const shown = rows.filter((row) => `${row.name} ${row.prefecture} ${row.id}`.toLowerCase().includes(wanted)).sort((one, other) => {
      const [a, b] = [sorted.value(one), sorted.value(other)];
      const order = typeof a === "string" ? a.localeCompare(b) : a - b;
      return isDown ? -order : order;
    });
    const unit = this._indicator().unit;
    const focused = this.table.contains(document.activeElement) ? document.activeElement.dataset.column : null;
    replace(this.table, element("caption", {class: "hidden"}, text("page.who")),
      element("thead", {}, element("tr", {}, ...columns.map((column) => this._head(column, column === sorted)))),
      element("tbody", {}, ...shown.map((row) => element("tr", {"data-place": row.id}, element("th", {scope: "row"}, row.name), this.level === LEVELS[0] ? element("td", {class: "left"}, row.prefecture) : null, element("td", {}, bare(row.level, unit)),
        ...row.cells.map((cell) => element("td", {}, `${cell.sign === "●" ? "" : change(cell.difference, unit)} ${cell.sign} ${cell.words}`))))));
    if (focused) this.table.querySelector(`[data-column="${focused}"]`)?.focus();
  }

  _head({key, title}, isSorted) {
    const {isDown} = this.order;
    const isWord = ["name", "prefecture"].includes(key);
    const sort = () => { this.order = {column: key, isDown: isSorted ? !isDown : !isWord}; this._table(); };
    return element("th", {scope: "col", class: isWord ? "left" : null, "aria-sort": isSorted ? (isDown ? "descending" : "ascending") : "none"},
      element("button", {type: "button", class: "about", "data-column": key, onclick: sort}, `${title}${isSorted ? (isDown ? " ↓" : " ↑") : ""}`));
  }

  // How many places a plan moves by what counts, and which way.
  _summary(name, cells) {
    const of = (...signs) => cells.filter((cell) => signs.includes(cell.sign)).length;
    const isNeutral = this._indicator().direction === "neither";
    return text(isNeutral ? "page.who_moved" : "page.who_sum", {name: this.page.nameOf(name), up: of("▲", "↑"), down: of("▼", "↓"), same: of("●"), of: cells.length});
  }

  async _scatter() {
    if (!this.drawing) return;
    const {unit} = this._indicator();
    const points = this.rows().flatMap((row) => row.cells.filter((cell) => Number.isFinite(cell.value)).map((cell) => ({
      id: row.id, series: cell.name, before: row.level, after: cell.value,
      words: `${row.name}: ${text("page.baseline")} ${number(row.level, unit)} → ${this.page.nameOf(cell.name)} ${number(cell.value, unit)}`})));
    const [low, high] = span(points.flatMap((point) => [point.before, point.after]));
    await this.drawing.set({low, high}, {points, line: [{before: low, after: low}, {before: high, after: high}], chosen: points.filter((point) => point.id === this.page.store.state.place)});
  }
}
