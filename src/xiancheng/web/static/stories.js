// Stories: a box with the words of a step, what it claims beside the numbers of the moment, and the way on. The step sets the page.

import {byId, element, replace, write} from "./dom.js";
import {weight} from "./effects.js";
import {Guess} from "./guess.js";
import {CHARTS, TABS, VIEWS, emptyScenario, scenarioOf} from "./link.js";
import {number} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

const SET = ["scenarios", "tab", "view", "place", "year", "map", "show", "charts", "beside", "names"];
const KEYS = {ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1};

export class Stories {
  constructor(page) {
    this.page = page;
    this.box = byId("story");
    this.story = null;
    this.at = 0;
    this.guess = new Guess(page, () => this._reveal());
    this.box.addEventListener("keydown", (event) => this._key(event));
  }

  get isOffered() { return this.page.offer.stories.length > 0; }
  get step() { return this.story?.steps[this.at] ?? null; }
  get mark() { return this.story ? `${this.story.id}.${this.at + 1}` : ""; }
  indicators() { return this.step ? [this.step.indicator, ...this.step.claims.map((claim) => claim.indicator)] : []; }

  // What the page is, and the list of all stories.
  menu() {
    this.list ??= document.body.appendChild(element("dialog", {class: "about-box", "aria-labelledby": "learn-title"}));
    replace(this.list, element("h2", {id: "learn-title"}, text("page.learn")), ...this.page.offer.introduction.map((line) => element("p", {}, inLanguage(line))),
      this.isOffered ? element("h3", {}, text("page.stories")) : null, this.isOffered ? element("p", {class: "fine"}, text("page.learn_about")) : null,
      element("ul", {class: "stories"}, ...(this.isOffered ? this.page.offer.stories : []).map((story) => element("li", {},
        element("button", {type: "button", "data-story": story.id, onclick: () => { this.list.close(); this.open(story.id); }}, inLanguage(story.title)),
        element("p", {class: "fine"}, [inLanguage(story.about), text("page.learn_steps", {count: story.steps.length}),
          ...(story.steps.some((step) => step.draw) ? [text("page.learn_draw")] : [])].join(" · "))))),
      element("button", {type: "button", onclick: () => this.list.close()}, text("page.close")));
    this.list.showModal();
  }

  async open(id, at = 0) {
    const {state} = this.page.store;
    this.before ??= Object.fromEntries(SET.map((name) => [name, state[name]]));
    this.story = this.page.offer.stories.find((story) => story.id === id);
    this.page.sheet.open(false);
    this.page.introduction.close();
    await this._go(at);
    this.box.querySelector("[data-act=story-next]")?.focus({preventScroll: true});
  }

  // Goes to the step that an address names, which sets all else itself; "" leaves.
  follow(mark) {
    if (mark === this.mark) return;
    const [id, at] = mark.split(".");
    this.guess.end();
    this.story = this.page.offer.stories.find((story) => story.id === id) ?? null;
    this.at = Number(at) - 1 || 0;
    this.page.focus = this.step?.indicator ?? null;
    this.build();
  }

  // What an opened address asks for: a story alone sets the page, one with plans of its own is told beside them.
  begin() {
    const {story} = this.page.store.state;
    if (!story || !this.isOffered) return null;
    const [id, at] = story.split(".");
    if (TABS.some((tab) => this.page.named.has(tab))) return this.follow(story);
    return this.open(id, Number(at) - 1);
  }

  async _go(at) {
    this.at = Math.max(0, Math.min(this.story.steps.length - 1, at));
    this.guess.end();
    this.build();
    this.isWaiting = false;
    if (!this.step.draw) return this._set();
    this.isWaiting = true;
    this.draw();
    const {offer} = this.page;
    const plan = this._plans()[TABS[0]];
    const mark = this.mark;
    await this.page.ready([emptyScenario(), plan]);
    if (mark !== this.mark) return null;
    this.isWaiting = false;
    const area = offer.areas.findIndex((one) => one.id === this.step.place);
    const values = (scenario) => offer.years.map((_, year) => this.page.server.found(scenario, [])?.value(this.step.indicator, year, area) ?? NaN);
    this.box.scrollTop = 0;
    this.guess.begin({draw: this.step.draw, indicator: offer.indicators.find((one) => one.id === this.step.indicator), place: this.page.areaName(area), base: values(emptyScenario()), model: values(plan)});
    this.draw();
    return null;
  }

  async _reveal() {
    this.guess.show();
    await this._set();
    byId("guess").scrollIntoView({block: "start"});
  }

  _plans() {
    const plans = {[TABS[0]]: scenarioOf(this.step.plan, this.page.offer, [])};
    if (this.step.beside) plans[TABS[1]] = scenarioOf(this.step.beside, this.page.offer, []);
    return plans;
  }

  // Sets the page to the step; one step back for each.
  async _set() {
    const {step, page} = this;
    const {charts} = page.store.state;
    page.moved = [];
    page.focus = step.indicator;
    page.store.commit({scenarios: this._plans(), tab: TABS[0], names: {}, beside: [], view: VIEWS[step.beside ? 1 : 0], place: step.place, year: step.year, map: step.map, show: step.show,
      charts: [step.indicator, ...charts.filter((id) => id !== step.indicator)].slice(0, CHARTS), story: this.mark});
    await page.build();
    this._look();
  }

  _look() {
    const part = {chart: byId("charts").firstElementChild, map: byId("map").closest("section"), table: byId("results").closest("section"), who: byId("who"), why: byId("why"), money: byId("bar")}[this.step.look];
    if (this.step.look === "why" && this.page.offer.stored) return this._mark(byId("bar"));
    this._mark(part);
    if (part.matches("details") && !part.hidden) part.open = true;
    if (this.step.look !== "money") part.scrollIntoView({block: "start"});
  }

  _mark(part) {
    document.querySelector(".toured")?.classList.remove("toured");
    part?.classList.add("toured");
  }

  build() {
    const {story, step} = this;
    document.body.toggleAttribute("data-story", Boolean(story));
    this.box.hidden = !story;
    if (!story) return replace(this.box);
    const button = (act, key, onclick, more = {}) => element("button", {type: "button", "data-act": `story-${act}`, onclick, ...more}, text(key));
    const isLast = this.at === story.steps.length - 1;
    const focused = document.activeElement?.dataset?.act;
    this.claims = element("div", {class: "claims"});
    replace(this.box, element("div", {class: "story-head"}, element("h2", {}, text("page.story", {title: inLanguage(story.title)})), element("span", {class: "fine"}, text("page.story_step", {at: this.at + 1, count: story.steps.length})),
      button("end", "page.story_end", () => this.end(), {class: "quiet"})),
    element("p", {class: "story-words", "aria-live": "polite"}, inLanguage(step.words)),
    this.claims,
    element("div", {class: "controls"}, button("back", "page.tour_back", () => this._go(this.at - 1), {disabled: this.at === 0}),
      isLast ? button("next", "page.story_all", () => this.menu()) : button("next", "page.tour_next", () => this._go(this.at + 1)),
      button("again", "page.story_again", () => this._go(this.at), {class: "quiet"}), button("mine", "page.story_back_to", () => this.end(true), {class: "quiet"})),
    element("p", {class: "fine"}, text("page.story_keys")));
    if (focused) this.box.querySelector(`[data-act="${focused}"]`)?.focus({preventScroll: true});
    this.guess.build();
    this.draw();
    return null;
  }

  // What is claimed, beside the numbers of the moment; nothing of it while a line is drawn.
  draw() {
    if (!this.step || !this.page.current() || !this.page.reference()) return;
    const lines = this.guess.isOpen || this.isWaiting ? [] : this.step.claims.map((claim) => this._claim(claim));
    replace(this.claims, this.step.look === "why" && this.page.offer.stored ? element("p", {class: "fine"}, text("page.stored_why")) : null,
      ...(lines.length ? [element("h3", {}, text("page.story_claims")), element("ul", {}, ...lines)] : []));
  }

  _claim(claim) {
    const {offer} = this.page;
    const indicator = offer.indicators.find((one) => one.id === claim.indicator);
    const area = offer.areas.findIndex((one) => one.id === claim.place);
    const at = (year) => offer.years.indexOf(year);
    const value = this.page.current().value(claim.indicator, at(claim.year), area);
    const isBaseline = claim.against === "baseline";
    const level = (isBaseline ? this.page.reference() : this.page.current()).value(claim.indicator, at(isBaseline ? claim.year : claim.against), area);
    const size = weight(value - level, level, indicator);
    const holds = {above: value > level && size >= claim.by, below: value < level && size >= claim.by, same: size < claim.by}[claim.relation];
    const words = text("page.claim", {level: text("page.claim_level", {title: inLanguage(indicator.title), place: this.page.areaName(area), year: claim.year, value: number(value, indicator.unit)}),
      reference: text(isBaseline ? "page.claim_baseline" : "page.claim_year", {year: claim.against, level: number(level, indicator.unit)}), relation: text(`page.claim_${claim.relation}`, {count: claim.by})});
    return element("li", {}, `${words} · `, element("strong", {}, `${holds ? "✓" : "✗"} ${text(holds ? "page.claim_holds" : "page.claim_fails")}`));
  }

  _key(event) {
    if (event.key === "Escape") { event.stopPropagation(); this.end(); }
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    const to = this.at + KEYS[event.key];
    if (to >= 0 && to < this.story.steps.length) this._go(to);
  }

  // Leaves the story: what is set stays, or what was there before comes back.
  async end(isBack = false) {
    const {page, before} = this;
    Object.assign(this, {story: null, at: 0, before: null});
    page.focus = null;
    this.guess.end();
    this._mark(null);
    this.build();
    if (isBack && before) page.store.commit({...before, story: ""});
    else page.store.show({story: ""});
    await page.build();
    write(byId("announcement"), "");
    document.querySelector("[data-act=learn]")?.focus({preventScroll: true});
  }
}
