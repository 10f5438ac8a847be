// The page: one state, one server, and the parts that show them; main.js begins it.

import {Announcer} from "./announcer.js";
import {Assumptions} from "./assumptions.js";
import {Bands} from "./bands.js";
import {Beside} from "./beside.js";
import {Board} from "./board.js";
import {Budget} from "./budget.js";
import {byId} from "./dom.js";
import {csv, onScreen, save} from "./downloads.js";
import {ownIndicators} from "./effects.js";
import {Head} from "./head.js";
import {Headline} from "./headline.js";
import {Introduction} from "./introduction.js";
import {Levers} from "./levers.js";
import {Lines} from "./lines.js";
import {TABS, decode, encode, emptyScenario} from "./link.js";
import {PlaceMap} from "./map.js";
import {Notices} from "./notices.js";
import {Plans} from "./plans.js";
import {Results} from "./results.js";
import {Server} from "./server.js";
import {Sheet} from "./sheet.js";
import {Store} from "./store.js";
import {Stored} from "./stored.js";
import {Stories} from "./stories.js";
import {inLanguage, text, useLanguage} from "./texts.js";
import {TakeAway} from "./takeaway.js";
import {Tour} from "./tour.js";
import {Who} from "./who.js";
import {Why} from "./why.js";

const CALM = emptyScenario();
const REPLAY = 1200;

export class Page {
  constructor(offer) {
    this.offer = offer;
    const {state, warnings, other, named} = decode(location.hash, offer, navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
    useLanguage(state.lang);
    this.store = new Store(state);
    this.named = named;
    this.notices = new Notices();
    this.server = new (offer.stored ? Stored : Server)({
      lost: () => this.notices.put("lost", () => [text("page.lost")], {closable: false}),
      back: () => { this.notices.take("lost"); this.notices.say(() => text("page.back")); },
      busy: (busy) => document.body.toggleAttribute("data-busy", busy),
    });
    this.parts = {lines: new Lines(this), map: new PlaceMap(this), levers: new Levers(this), assumptions: new Assumptions(this), head: new Head(this), away: new TakeAway(this)};
    this.results = new Results(this);
    this.headline = new Headline(this);
    this.sheet = new Sheet();
    this.board = new Board(this);
    this.bands = new Bands(this);
    this.budget = new Budget(this);
    this.why = new Why(this);
    this.beside = new Beside(this);
    this.plans = new Plans(this);
    this.who = new Who(this);
    this.tour = new Tour();
    this.stories = new Stories(this);
    this.introduction = new Introduction(this);
    this.announcer = new Announcer(this);
    this.replaying = null;
    this.interim = null;
    this.moved = [];
    this.focus = null;
    this.notices.warnings(warnings);
    this.notices.otherModel(other, offer.model);
    this.store.listen((now, how) => this._changed(now, how));
  }

  // What is shown.
  areaAt() { return Math.max(0, this.offer.areas.findIndex((one) => one.id === this.store.state.place)); }
  areaName(at) { return inLanguage(this.offer.areas[at].name); }
  nameOf(name) {
    if (name === "baseline") return text("page.baseline");
    const own = this.store.state.names[name];
    return own ? text("page.plan_named", {name, own}) : text("page.plan", {name});
  }
  shortName(name) { return name === "baseline" ? text("page.baseline_short") : name; }
  scenario() { return this.replaying ?? this.store.state.scenarios[this.store.state.tab]; }
  current() { return this.server.found(this.scenario(), []) ?? this.interim; }
  reference() { return this.server.found(CALM, []); }
  tabs() {
    const {state} = this.store;
    return state.view === "compare" ? TABS.filter((tab) => state.scenarios[tab]) : [state.tab];
  }

  // The figures that what was moved is for, and the one of them in hand: that of the first chart where nothing is moved.
  // A story puts its own figure before them.
  own() {
    const own = ownIndicators(this.store.state.scenarios[this.store.state.tab], this.moved, this.offer);
    return this.focus ? [this.focus, ...own.filter((id) => id !== this.focus)] : own;
  }

  aim() { return this.own()[0] ?? this.store.state.charts[0]; }
  atRest() { return this.tabs().every((tab) => this.server.key(this.store.state.scenarios[tab]) === this.server.key(CALM)); }

  series() {
    const {state} = this.store;
    const of = (tab) => (tab === state.tab ? this.current() : this.server.found(state.scenarios[tab], []));
    return [{name: "baseline", figures: this.reference()}, ...this.tabs().map((tab) => ({name: tab, figures: of(tab)}))];
  }

  indicators() {
    const known = new Set(this.offer.indicators.map((one) => one.id));
    const headline = this.offer.indicators.filter((one) => one.headline).map((one) => one.id);
    return [...new Set([...headline, ...this.store.state.charts, this.store.state.map, ...Object.values(this.offer.money), ...this.board.ids(), ...this.stories.indicators(), ...this.own()])].filter((id) => known.has(id));
  }

  // Changes of the scenario in hand.
  change(make, {dragging = false, moved = []} = {}) {
    const {state} = this.store;
    const scenarios = {...state.scenarios, [state.tab]: make(state.scenarios[state.tab])};
    if (this.store.before === null) this.beforeStep = state.scenarios[state.tab];
    this.focus = null;
    const isOther = moved.join() !== this.moved.join();
    this.moved = moved;
    if (dragging) this.store.show({scenarios}, {dragging});
    else this.store.commit({scenarios});
    if (isOther && this.own().length) this._front();
  }

  async _front() {
    this.building = this.parts.lines.front(this.aim());
    const {figure, charts} = await this.building;
    this.store.state = {...this.store.state, charts};
    this.sheet.reveal(figure);
    await this.redraw(true);
  }

  undo() { this.moved = []; this.focus = null; this.store.undo(); this.build(); }
  redo() { this.moved = []; this.focus = null; this.store.redo(); this.build(); }

  async replay() {
    const previous = this.store.previous?.scenarios[this.store.state.tab];
    if (!previous || this.replaying) return;
    await this.ready([previous]);
    this.replaying = previous;
    document.body.toggleAttribute("data-replaying", true);
    this.notices.say(() => text("page.replay_before"));
    await this.redraw(true);
    await new Promise((resume) => setTimeout(resume, REPLAY));
    this.replaying = null;
    document.body.toggleAttribute("data-replaying", false);
    this.notices.say(() => text("page.replay_after"));
    await this.redraw(true);
  }

  async share() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.notices.say(() => text("page.link_copied"));
    } catch {
      this.notices.put("link", () => [`${text("page.link")}: ${location.href}`]);
    }
  }

  download() {
    save(`xiancheng_${this.store.state.place}_${this.store.state.tab}.csv`, csv(onScreen(this)));
    this.notices.say(() => text("page.exported"));
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
    await this.build();
  }

  async build() {
    const {lines, map, levers, assumptions, head, away} = this.parts;
    head.build();
    levers.build();
    assumptions.build();
    away.build();
    this.bands.say();
    this.introduction.build();
    this.budget.build();
    this.stories.build();
    this.beside.build();
    this.building = Promise.all([lines.build(), map.build(), this.who.build()]);
    await this.building;
    if (this.current() && this.reference()) this.ask({dragging: false});
  }

  // The question goes out first; what a drag does not change is left alone until the release.
  _changed(state, how) {
    if (how.committed) this.announcer.isOwed = true;
    this.ask(how);
    this.parts.levers.show();
    if (how.dragging) return;
    this._address(state, how);
    this.parts.head.show();
    this.parts.assumptions.show();
  }

  ask(how) {
    const before = this.moved.length && this.beforeStep ? [this.beforeStep] : [];
    const shown = this.opened ? this.tabs() : TABS.filter((tab) => this.store.state.scenarios[tab]);
    const wanted = [this.scenario(), CALM, ...shown.map((tab) => this.store.state.scenarios[tab]), ...before];
    this.server.ask(wanted, this.indicators(), {
      done: () => { this.interim = null; this._arrived(how); },
      refused: (problems) => this.notices.problems(problems),
      late: (figures) => { if (how.dragging) { this.interim = figures; this.redraw(true); } },
    });
  }

  // The address is the state; a step is an entry that the browser's Back leads to.
  _address(state, how) {
    const words = `#${encode(state)}`;
    if (words === location.hash) return;
    if (how.committed && !this.travels) history.pushState(null, "", words);
    else history.replaceState(null, "", words);
  }

  // Shows what an address says: Back, Forward, or words put in by hand.
  async goTo(address) {
    const {state, warnings, other} = decode(address, this.offer, this.store.state.lang);
    this.travels = true;
    this.moved = [];
    useLanguage(state.lang);
    this.store.commit(state);
    this.travels = false;
    this.notices.warnings(warnings);
    this.notices.otherModel(other, this.offer.model);
    await this.build();
    this.stories.follow(state.story);
    this.notices.show();
  }

  // Takes back a drag that has not ended.
  cancel() {
    this.store.cancel();
    this.build();
  }

  // Asks again for what has come into sight.
  look() { this.ask({dragging: false}); }

  // Comes back when scenarios are there, with what is on the screen.
  ready(scenarios) {
    return new Promise((done) => this.server.ask(scenarios, this.indicators(), {done, refused: done}));
  }

  async _arrived(how) {
    if (!how.dragging) this.notices.take("refused");
    await this.redraw(how.dragging);
    if (!this.opened) this.announcer.tellNotes();
    this.opened = true;
    if (this.announcer.isOwed && !how.dragging) {
      this.announcer.announce();
      this.bands.load();
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
      this.headline.draw();
      this.results.draw(dragging);
      this.board.draw();
      this.stories.draw();
      if (!dragging) this.why.draw();
      if (!dragging) this.plans.draw();
      await Promise.all([this.parts.map.draw(dragging), this.parts.lines.draw(dragging), this.who.draw(dragging)]);
      document.body.toggleAttribute("data-ready", true);
      document.dispatchEvent(new CustomEvent("drawn", {detail: {dragging}}));
    }
    const {again} = this;
    this.again = null;
    if (again) await this._redraw(again.dragging);
  }
}
