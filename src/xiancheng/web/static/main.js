// The page: one state, one server, and the parts that show them.

import {Assumptions} from "./assumptions.js";
import {Board} from "./board.js";
import {byId} from "./dom.js";
import {csv, onScreen, save} from "./downloads.js";
import {Head} from "./head.js";
import {Levers} from "./levers.js";
import {Lines} from "./lines.js";
import {TABS, decode, encode, emptyScenario} from "./link.js";
import {PlaceMap} from "./map.js";
import {Notices} from "./notices.js";
import {number} from "./numbers.js";
import {Results} from "./results.js";
import {Refused, Server} from "./server.js";
import {Store} from "./store.js";
import {inLanguage, text, useLanguage, useTexts} from "./texts.js";
import {Tour} from "./tour.js";

const CALM = emptyScenario();
const REPLAY = 1200;
const SAME = 1e-6;

class Page {
  constructor(offer) {
    this.offer = offer;
    const {state, warnings, other} = decode(location.hash, offer, navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
    useLanguage(state.lang);
    this.store = new Store(state);
    this.notices = new Notices();
    this.server = new Server({
      lost: () => this.notices.put("lost", () => [text("page.lost")], {closable: false}),
      back: () => { this.notices.take("lost"); this.notices.say(text("page.back")); },
      busy: (busy) => document.body.toggleAttribute("data-busy", busy),
    });
    this.parts = {lines: new Lines(this), map: new PlaceMap(this), levers: new Levers(this), assumptions: new Assumptions(this), head: new Head(this)};
    this.results = new Results(this);
    this.board = new Board(this);
    this.tour = new Tour();
    this.bandsOf = new Map();
    this.replaying = null;
    this.interim = null;
    this.moved = [];
    this.notices.warnings(warnings);
    this.notices.otherModel(other, offer.model);
    this.store.listen((now, how) => this._changed(now, how));
  }

  // What is shown.
  areaAt() { return Math.max(0, this.offer.areas.findIndex((one) => one.id === this.store.state.place)); }
  areaName(at) { return inLanguage(this.offer.areas[at].name); }
  nameOf(name) { return name === "baseline" ? text("page.baseline") : text("page.plan", {name}); }
  shortName(name) { return name === "baseline" ? text("page.baseline_short") : name; }
  scenario() { return this.replaying ?? this.store.state.scenarios[this.store.state.tab]; }
  current() { return this.server.found(this.scenario(), []) ?? this.interim; }
  reference() { return this.server.found(CALM, []); }
  tabs() {
    const {state} = this.store;
    return state.view === "compare" ? TABS.filter((tab) => state.scenarios[tab]) : [state.tab];
  }

  series() {
    const {state} = this.store;
    const of = (tab) => (tab === state.tab ? this.current() : this.server.found(state.scenarios[tab], []));
    return [{name: "baseline", figures: this.reference()}, ...this.tabs().map((tab) => ({name: tab, figures: of(tab)}))];
  }

  bands() {
    if (!this.store.state.bands) return [];
    return this.tabs().map((name) => ({name, figures: this.bandsOf.get(this.server.key(this.store.state.scenarios[name]))})).filter((one) => one.figures);
  }

  indicators() {
    const known = new Set(this.offer.indicators.map((one) => one.id));
    const headline = this.offer.indicators.filter((one) => one.headline).map((one) => one.id);
    return [...new Set([...headline, ...this.store.state.charts, this.store.state.map, ...Object.values(this.offer.money), ...this.board.ids()])].filter((id) => known.has(id));
  }

  // Changes of the scenario in hand.
  change(make, {dragging = false, moved = []} = {}) {
    const {state} = this.store;
    const scenarios = {...state.scenarios, [state.tab]: make(state.scenarios[state.tab])};
    this.moved = moved;
    if (!dragging) this.beforeStep = this.server.found((this.store.before ?? state).scenarios[state.tab], []);
    if (dragging) this.store.show({scenarios}, {dragging});
    else this.store.commit({scenarios});
  }

  undo() { this.moved = []; this.store.undo(); this._rebuildParts(); }
  redo() { this.moved = []; this.store.redo(); this._rebuildParts(); }

  async replay() {
    const previous = this.store.previous?.scenarios[this.store.state.tab];
    if (!previous || this.replaying) return;
    await this._ready([previous]);
    this.replaying = previous;
    document.body.toggleAttribute("data-replaying", true);
    this.notices.say(text("page.replay_before"));
    await this.redraw(true);
    await new Promise((resume) => setTimeout(resume, REPLAY));
    this.replaying = null;
    document.body.toggleAttribute("data-replaying", false);
    this.notices.say(text("page.replay_after"));
    await this.redraw(true);
  }

  async toggleBands() {
    this.store.show({bands: !this.store.state.bands});
    await this._loadBands();
  }

  async _loadBands() {
    const {state} = this.store;
    if (!state.bands) return;
    for (const tab of this.tabs()) {
      const scenario = state.scenarios[tab];
      const key = this.server.key(scenario);
      const kept = this.bandsOf.get(key);
      if (kept && state.charts.every((id) => kept.has(id))) continue;
      this.notices.put("bands", () => [text(`page.bands_running.${this.offer.bands_of}`, {members: this.offer.bands})]);
      try {
        this.bandsOf.set(key, await this.server.bands(scenario, state.charts));
      } catch (error) {
        if (error instanceof Refused) this.notices.problems(error.problems);
        else this.notices.put("refused", () => [text("page.failed")]);
      }
      this.notices.take("bands");
    }
    await this.redraw(false);
  }

  async share() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.notices.say(text("page.link_copied"));
    } catch {
      this.notices.put("link", () => [`${text("page.link")}: ${location.href}`]);
    }
  }

  download() {
    save(`xiancheng_${this.store.state.place}_${this.store.state.tab}.csv`, csv(onScreen(this)));
    this.notices.say(text("page.exported"));
  }

  async speak(lang) {
    useLanguage(lang);
    await this.rebuild({lang});
    this.notices.show();
  }

  // Builds all parts anew: another chart, view, tab or language.
  async rebuild(part, step = false) {
    if (step) this.store.commit(part);
    else this.store.show(part);
    await this._rebuildParts();
  }

  async _rebuildParts() {
    const {lines, map, levers, assumptions, head} = this.parts;
    head.build();
    levers.build();
    assumptions.build();
    this.building = Promise.all([lines.build(), map.build()]);
    await this.building;
    if (this.current() && this.reference()) this._ask({dragging: false});
  }

  // The question goes out first; what a drag does not change is left alone until the release.
  _changed(state, how) {
    this._ask(how);
    this.parts.levers.show();
    if (how.dragging) return;
    history.replaceState(null, "", `#${encode(state)}`);
    this.parts.head.show();
    this.parts.assumptions.show();
  }

  _ask(how) {
    const wanted = [this.scenario(), CALM, ...this.tabs().map((tab) => this.store.state.scenarios[tab])];
    this.server.ask(wanted, this.indicators(), {
      done: () => { this.interim = null; this._arrived(how); },
      refused: (problems) => this.notices.problems(problems),
      late: (figures) => { if (how.dragging) { this.interim = figures; this.redraw(true); } },
    });
  }

  // Asks again for what has come into sight.
  look() { this._ask({dragging: false}); }

  _ready(scenarios) {
    return new Promise((done) => this.server.ask(scenarios, this.indicators(), {done, refused: done}));
  }

  async _arrived(how) {
    if (!how.dragging) this.notices.take("refused");
    await this.redraw(how.dragging);
    if (how.committed) {
      this._announce();
      if (this.store.state.bands) this._loadBands();
    }
  }

  // Draws what is known; asked again while it draws, it draws once more at the end, the newest numbers.
  async redraw(dragging) {
    if (this.drawing) {
      this.again = {dragging: dragging && (this.again?.dragging ?? true)};
      return this.drawing;
    }
    this.drawing = this._redraw(dragging).finally(() => { this.drawing = null; });
    return this.drawing;
  }

  async _redraw(dragging) {
    await this.building;
    if (this.current() && this.reference() && this.series().every((one) => one.figures)) {
      this.results.draw(dragging);
      this.board.draw();
      await Promise.all([this.parts.map.draw(dragging), this.parts.lines.draw(dragging)]);
      document.body.toggleAttribute("data-ready", true);
      document.dispatchEvent(new CustomEvent("drawn", {detail: {dragging}}));
    }
    const {again} = this;
    this.again = null;
    if (again) await this._redraw(again.dragging);
  }

  _announce() {
    const {better, worse} = this.results.balance();
    const said = [text("page.released", {name: this.store.state.tab, better, worse})];
    const shown = this.offer.indicators.find((one) => one.id === this.store.state.map);
    const at = this.offer.years.indexOf(this.store.state.year);
    const value = this.current().value(shown.id, at, this.areaAt());
    if (Number.isFinite(value)) said.push(`${inLanguage(shown.title)} ${number(value, shown.unit)}`);
    if (this.moved.length && this.beforeStep && same(this.beforeStep, this.current())) {
      const names = this.moved.map((id) => inLanguage(this.offer.levers.find((one) => one.id === id).title));
      said.unshift(text("page.no_effect", {levers: names.join(text("list.separator"))}));
    }
    const notes = this.current().header.notes;
    if (notes.length) this.notices.put("notes", () => notes.map(inLanguage));
    else this.notices.take("notes");
    this.notices.say(said.join(" · "));
  }
}

// Whether two runs show the same: no number differs by more than rounding.
function same(one, other) {
  if (one === other || one.numbers.length !== other.numbers.length) return false;
  return one.numbers.every((value, at) => Object.is(value, other.numbers[at]) || Math.abs(value - other.numbers[at]) <= SAME * Math.abs(value));
}

async function start() {
  const answer = await fetch("/files/catalogue.json");
  const offer = await answer.json();
  useTexts(offer);
  const page = new Page(offer);
  byId("map-table").addEventListener("toggle", () => page.parts.map.table());
  window.addEventListener("hashchange", () => location.reload());
  const top = document.querySelector("header");
  new ResizeObserver(() => document.documentElement.style.setProperty("--under", `${top.offsetHeight}px`)).observe(top);
  let width = window.innerWidth;
  let later = null;
  window.addEventListener("resize", () => {
    clearTimeout(later);
    if (window.innerWidth !== width) later = setTimeout(() => { width = window.innerWidth; page.rebuild({}); }, 200);
  });
  history.replaceState(null, "", `#${encode(page.store.state)}`);
  page._ask({dragging: false});
  await page._rebuildParts();
  if (page.store.state.bands) page._loadBands();
}

start();
