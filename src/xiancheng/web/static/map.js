// The map: a tile for each place, or its area from the reader's own file, schematic; and the year slider with play.

import {byId, choice, element, replace, write} from "./dom.js";
import {drawing, mapSpec} from "./drawing.js";
import {searched} from "./find.js";
import {Hand} from "./hand.js";
import {Sight} from "./sight.js";
import {change, isPercent, number, unitName} from "./numbers.js";
import {SHOWS} from "./link.js";
import {pictureButtons} from "./takeaway.js";
import {inLanguage, text} from "./texts.js";
import {areasOf, namesOf, tilesOf} from "./tiles.js";

const STEP = 700;
const FLOOR = 4;
const HIGHEST = 560;
const SAME = 1e-9;

export class PlaceMap {
  constructor(page) {
    this.page = page;
    this.drawing = null;
    this.kind = "";
    this.span = null;
    this.playing = null;
    this.overYears = false;
    this.isNear = false;
    this.sight = new Sight(() => this.draw(true));
    this.sight.watch([byId("map")]);
    for (const [kind, isNear] of [["pointerenter", true], ["pointerleave", false]]) byId("map-frame").addEventListener(kind, () => this._near(isNear));
    this.hand = new Hand({place: (at) => this._mark(at), chosen: (at) => page.store.show({place: this.rows[at].id})});
  }

  async build() {
    const {offer, store} = this.page;
    this.places = offer.areas.map((one, at) => ({...one, at})).filter((one) => one.level === "place");
    this.plane = offer.boundaries ? areasOf(this.places, offer.boundaries) : tilesOf(this.places);
    this.indicator = offer.indicators.find((one) => one.id === store.state.map);
    this.overYears = this.playing !== null;
    this._controls();
    await this._draw();
  }

  _controls() {
    const {offer, store} = this.page;
    const ids = offer.indicators.filter((one) => one.levels.includes("place"));
    const titles = [true, false].map((isMain) => ({label: text(isMain ? "page.main_figures" : "page.other_figures"),
      options: ids.filter((one) => one.headline === isMain).map((one) => [one.id, inLanguage(one.title)])})).filter((group) => group.options.length);
    const shows = SHOWS.map((kind) => [kind, text(`page.show_${kind}`)]);
    const areas = [
      {label: text("page.wholes"), options: offer.areas.filter((one) => ["province", "68"].includes(one.level)).map(pair)},
      {label: text("page.prefectures"), options: offer.areas.filter((one) => one.level === "prefecture").map(pair)},
      {label: text("page.places"), options: this.places.map(pair)},
    ];
    replace(byId("map-controls"),
      searched("page.map_indicator", choice({id: "map-indicator", onchange: (event) => this.page.rebuild({map: event.target.value})}, titles, store.state.map)),
      searched("page.map_show", choice({id: "map-show", onchange: (event) => this.page.rebuild({show: event.target.value})}, shows, store.state.show)),
      searched("page.place", choice({id: "place", onchange: (event) => store.show({place: event.target.value})}, areas, store.state.place)));
    const years = offer.years;
    this.slider = element("input", {type: "range", id: "year", min: years[0], max: years[years.length - 1], step: 1, value: store.state.year,
      oninput: (event) => { this._stop(); this.overYears = false; store.show({year: Number(event.target.value)}); }});
    this.shownYear = element("output", {for: "year"}, String(store.state.year));
    this.play = element("button", {type: "button", onclick: () => this._play()}, text("page.play"));
    replace(byId("year-controls"), element("label", {for: "year"}, text("page.year")), this.slider, this.shownYear, this.play, ...pictureButtons(() => this.drawing, `map_${store.state.map}`));
  }

  _play() {
    const {offer, store} = this.page;
    if (this.playing) return this._stop();
    const {years} = offer;
    this.overYears = true;
    if (store.state.year === years[years.length - 1]) store.show({year: years[0]});
    this.play.textContent = text("page.pause");
    this.playing = setInterval(() => {
      const next = years[years.indexOf(store.state.year) + 1];
      if (next === undefined) this._stop();
      else store.show({year: next});
    }, STEP);
    return null;
  }

  _stop() {
    clearInterval(this.playing);
    this.playing = null;
    this.play.textContent = text("page.play");
  }

  // Why there is no map, or null.
  _reason() {
    const {show} = this.page.store.state;
    if (this.indicator.resolution === "province") return text("page.map_province");
    if (show === "met" && !this.indicator.target) return text("page.map_no_target");
    return null;
  }

  async _draw() {
    const {show} = this.page.store.state;
    const parent = byId("map");
    this.drawing?.forget();
    this.drawing = null;
    this.span = null;
    const reason = this._reason();
    byId("map-reason").textContent = reason ?? "";
    byId("map-frame").hidden = reason !== null;
    this.rows = [];
    this.hand.take(null);
    write(byId("map-note"), "");
    this.table();
    if (reason) return;
    const {box, borders} = this.plane;
    const [wide, high] = [box.x, box.y].map(([low, top]) => top - low);
    this.scale = Math.min(Math.max(180, (parent.clientWidth || 500) - 12) / wide, HIGHEST / high);
    this.drawing = await drawing(parent, mapSpec(show, show === "change" && isPercent(this.indicator.unit) ? "" : this.indicator.unit, {box, scale: this.scale, hasBorders: borders.length > 0}, this._title()), {
      onHover: (id) => this._hover(id), onClick: (datum) => datum.id && this.page.store.show({place: datum.id}),
    });
    const names = namesOf(this.places, this.plane.at, (id) => inLanguage(this.page.offer.areas.find((one) => one.id === id)?.name), {scale: this.scale, box});
    await this.drawing.set({}, {borders, prefectures: names});
  }

  _title() {
    const {show} = this.page.store.state;
    const points = show === "change" && isPercent(this.indicator.unit);
    const unit = show === "met" ? text("page.year") : points ? text("page.points", {number: ""}).trim() : unitName(this.indicator.unit);
    return `${this._schematic()} · ${unit}`;
  }

  _schematic() {
    return text(this.page.offer.boundaries ? "page.schematic_own" : "page.schematic");
  }

  _hover(id) {
    const at = this.rows.findIndex((row) => row.id === id);
    this.hand.take(at < 0 ? null : at);
  }

  // What the pointer meets is drawn while it is over the map: moving a lever need not draw it.
  _near(isNear) {
    this.isNear = isNear;
    this.drawing?.set({}, {reach: isNear ? this.rows : []});
  }

  _mark(at) {
    this.drawing?.set({}, {hand: at === null ? [] : [this.rows[at]]});
  }

  // Where a place stands in the frame of the map [pixels].
  _where(row) {
    const {box} = this.plane;
    const canvas = byId("map").querySelector("canvas");
    const [left, down] = this.drawing.view.origin();
    return [canvas.offsetLeft + left + (row.x - box.x[0]) * this.scale, canvas.offsetTop + down + (box.y[1] - row.y) * this.scale];
  }

  _rows() {
    const {offer, store} = this.page;
    const {show, year} = store.state;
    const at = offer.years.indexOf(year);
    const {id, unit} = this.indicator;
    const mine = this.page.current();
    const base = this.page.reference();
    return this.places.map((place, index) => {
      const level = mine.value(id, at, place.at);
      const difference = level - base.value(id, at, place.at);
      const met = mine.met(id, place.at);
      const reach = show === "change" ? this.page.bands.change(store.state.tab, id, at, place.at) : null;
      const [value, words] = {
        level: [level, number(level, unit)],
        change: [difference * scaleOf(unit), change(difference, unit) + (reach ? ` (${reach.map((end) => change(end, unit)).join(text("page.to"))}${this.page.bands.mark(id)})` : "")],
        met: [met ?? NaN, met ? text("target.met", {year: met}) : text("target.not_met", {year: offer.years[offer.years.length - 1]})],
      }[show];
      return {id: place.id, name: inLanguage(place.name), x: this.plane.at[index][0], y: this.plane.at[index][1], shape: this.plane.shapes[index], listed: place.listed, value, words, open: reach !== null && reach[0] <= 0 && reach[1] >= 0};
    });
  }

  // The least that the scale of changes reaches to: some times what anyone would act on, so that rounding is no full colour.
  _floor() {
    const {offer, store} = this.page;
    const [amount, part] = this.indicator.least;
    const levels = this.places.map((place) => Math.abs(this.page.reference().value(this.indicator.id, offer.years.indexOf(store.state.year), place.at))).filter(Number.isFinite);
    const typical = levels.length ? levels.sort((a, b) => a - b)[Math.floor(levels.length / 2)] : 0;
    return FLOOR * Math.max(amount, part * typical) || 1;
  }

  // The kind of places that the colours span: the listed ones, or rests of prefectures while one of them is chosen.
  _spansListed() {
    const {place} = this.page.store.state;
    return !this.places.some((one) => one.id === place && !one.listed);
  }

  // From the least to the most of these places in the year shown; in all years once they are played, to tell them apart.
  _span() {
    const {offer, store} = this.page;
    const {id, unit} = this.indicator;
    if (store.state.show === "met") return [offer.years[0], offer.years[offer.years.length - 1]];
    const places = this.places.filter((one) => one.listed === this._spansListed());
    const [mine, base] = [this.page.current(), this.page.reference()];
    const years = offer.years.map((_, at) => at).filter((at) => this.overYears || offer.years[at] === store.state.year);
    const each = (find) => years.flatMap((at) => places.map((place) => find(at, place.at))).filter(Number.isFinite);
    if (store.state.show === "change") {
      const most = each((at, area) => mine.value(id, at, area) - base.value(id, at, area)).reduce((so, one) => Math.max(so, Math.abs(one)), 0);
      const reach = Math.max(most, this._floor()) * scaleOf(unit);
      return [-reach, reach];
    }
    const all = [mine, base].flatMap((figures) => each((at, area) => figures.value(id, at, area)));
    return all.length ? ends(all) : [0, 1];
  }

  // The scale stays while a lever is dragged; that of changes may grow, for most drags begin at no change.
  _scale(dragging) {
    const {show} = this.page.store.state;
    if (!dragging || !this.span) this.span = this._span();
    else if (show === "change") {
      const now = this._span();
      this.span = this.untouched || now[1] > this.span[1] ? now : this.span;
    }
    this.untouched = show === "change" && this.rows.every((row) => !row.value);
    for (const row of this.rows) row.beyond = row.value > this.span[1] * (1 + SAME * Math.sign(this.span[1])) ? "+" : row.value < this.span[0] * (1 - SAME * Math.sign(this.span[0])) ? "−" : "";
  }

  async draw(dragging) {
    const {store} = this.page;
    this.slider.value = store.state.year;
    this.shownYear.textContent = String(store.state.year);
    byId("place").value = store.state.place;
    if (!this.drawing || !this.sight.wants(byId("map"), dragging)) return;
    this.rows = this._rows();
    this._scale(dragging);
    const chosen = this.rows.filter((row) => row.id === store.state.place);
    const beyond = this.rows.filter((row) => row.beyond);
    const ends = {above: this._beyond("+") > 0, below: this._beyond("−") > 0};
    await this.drawing.set({low: this.span[0], high: this.span[1], ...ends}, {places: this.rows, rests: this.rows.filter((row) => !row.listed), beyond, chosen, reach: this.isNear ? this.rows : []});
    this.hand.set(this.rows, store.state.place, (row) => this._where(row));
    write(byId("map-note"), this._note());
    if (byId("map-table").open) this.table();
  }

  _beyond(sign) {
    return this.rows.filter((row) => row.beyond === sign).length;
  }

  _note() {
    const {show, year} = this.page.store.state;
    const said = [inLanguage(this.indicator.title), text(`page.show_${show}`), year, this._schematic()];
    const when = this.overYears ? text("page.map_all_years") : year;
    if (show !== "met") said.push(text(this._spansListed() ? "page.map_scale_listed" : "page.map_scale_rests", {when}));
    const [above, below] = [this._beyond("+"), this._beyond("−")];
    if (above) said.push(text("page.map_above", {count: above}));
    if (below) said.push(text("page.map_below", {count: below}));
    const open = this.rows.filter((row) => row.open).length;
    if (open) said.push(text("page.map_open", {count: open}));
    const white = this.rows.filter((row) => !Number.isFinite(row.value)).length;
    if (white) said.push(text(show === "met" ? "page.map_white_met" : "page.map_white", {count: white}));
    return said.join(" · ");
  }

  // The same numbers as a table.
  table() {
    const heading = `${inLanguage(this.indicator.title)} · ${text(`page.show_${this.page.store.state.show}`)}`;
    replace(byId("map-table-body"), element("table", {},
      element("thead", {}, element("tr", {}, element("th", {scope: "col"}, text("page.place")), element("th", {scope: "col"}, heading))),
      element("tbody", {}, ...(this.rows ?? []).map((row) => element("tr", {}, element("th", {scope: "row"}, row.name), element("td", {}, row.words))))));
  }
}

function ends(values) {
  const [low, high] = [values.reduce((so, one) => Math.min(so, one)), values.reduce((so, one) => Math.max(so, one))];
  return low < high ? [low, high] : [low - 1, high + 1];
}

// Changes of a share are shown in percentage points.
function scaleOf(unit) {
  return isPercent(unit) ? 100 : 1;
}

function pair(area) {
  return [area.id, inLanguage(area.name)];
}

