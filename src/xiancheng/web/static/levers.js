// Bundles of levers by group of articles: slider and number box, and a drawer with each lever.

import {byId, choice, element, replace, write} from "./dom.js";
import {searched} from "./find.js";
import {MISSING, number, unitName} from "./numbers.js";
import {planWords} from "./stored.js";
import {targetRow} from "./target.js";
import {inLanguage, text} from "./texts.js";

const LAST_YEAR = 2050;

// The levers of a scenario that are set, its base among them: id -> {value, year, places}.
export function settings(scenario, offer) {
  const base = offer.scenarios.find((one) => one.id === scenario.base);
  return {...(base?.levers ?? {}), ...scenario.levers};
}

export function valueOf(lever, scenario, offer) {
  return settings(scenario, offer)[lever.id]?.value ?? lever.baseline;
}

// How far a lever is from its baseline to its bound, -100 to 100.
export function strength(lever, value) {
  if (value === lever.baseline) return 0;
  const reach = value > lever.baseline ? lever.high - lever.baseline : lever.baseline - lever.low;
  return reach > 0 ? (100 * (value - lever.baseline)) / reach : 0;
}

export function atStrength(lever, percent) {
  const reach = percent >= 0 ? lever.high - lever.baseline : lever.baseline - lever.low;
  const value = lever.baseline + (percent / 100) * reach;
  if (lever.is_switch) return Math.round(value);
  return Math.min(lever.high, Math.max(lever.low, Number(value.toPrecision(5))));
}

// The first year by which the ramp lets a lever be at a value.
export function soonest(lever, value, offer) {
  const fastest = lever.ramp_years > 0 ? (lever.high - lever.low) / lever.ramp_years : Infinity;
  return Math.max(offer.first_year, offer.baseline_year + Math.ceil(Math.abs(value - lever.baseline) / fastest - 1e-9));
}

// Where one slider stands for several levers, and whether each of them stands as it would put them: {percent, isOne}.
// A switch knows two positions and a lever may have no way on one side of today: what was held is tried first.
export function together(levers, valueOf, held) {
  const each = levers.map((lever) => strength(lever, valueOf(lever)));
  const isAt = (percent) => levers.every((lever) => Math.abs(atStrength(lever, percent) - valueOf(lever)) <= 1e-9 * Math.max(1, Math.abs(valueOf(lever))));
  const fits = [held, ...each.map(Math.round), 0].find((percent) => percent !== null && isAt(percent));
  if (fits !== undefined) return {percent: fits, isOne: true};
  const isDown = each.every((one) => one <= 0);
  const free = levers.map((lever, at) => ((isDown ? lever.low < lever.baseline : lever.high > lever.baseline) ? each[at] : null)).filter((one) => one !== null);
  return {percent: Math.round(free.reduce((sum, one) => sum + one, 0) / Math.max(1, free.length)), isOne: false};
}

export function stepOf(lever) {
  if (lever.is_switch) return 1;
  const rough = (lever.high - lever.low) / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Number((power * ([1, 2, 5].find((one) => one * power >= rough * 0.999) ?? 10)).toPrecision(3));
}

export class Levers {
  constructor(page) {
    this.page = page;
    this.shown = [];
    this.search = byId("lever-search");
    this.search.addEventListener("input", () => this._filter());
  }

  // Shows the bundles that hold a lever whose name or meaning has the words, in either language; all where there are none.
  _filter() {
    const words = this.search.value.trim().toLowerCase();
    for (const box of byId("levers").querySelectorAll(".bundle")) box.hidden = !box.dataset.words.includes(words);
    for (const group of byId("levers").querySelectorAll(".group")) group.hidden = !group.querySelector(".bundle:not([hidden])");
  }

  build() {
    const {offer} = this.page;
    const groups = [...new Set(offer.bundles.map((one) => one.group))];
    const open = new Set([...document.querySelectorAll("details.drawer[open]")].map((one) => one.dataset.bundle));
    this.shown = [];
    this.told = null;
    replace(byId("levers"), this._base(), ...groups.map((group) => element("section", {class: "group"},
      element("h3", {}, text(`page.group_${group}`)),
      ...offer.bundles.filter((one) => one.group === group).map((bundle) => this._bundle(bundle, open.has(bundle.id))))));
    this._filter();
    this.show();
  }

  _base() {
    const {offer, store} = this.page;
    const options = offer.scenarios.map((one) => [one.id, inLanguage(one.title)]);
    this.base = choice({id: "base", onchange: (event) => this.page.change((scenario) => ({...scenario, base: event.target.value, levers: {}, assumptions: {}}))}, options, this._scenario().base);
    this.about = element("p", {class: "fine"});
    this.plan = element("p", {class: "fine", id: "plan-words"});
    this.notes = element("div", {class: "fine"});
    this.noted = element("details", {class: "drawer"}, element("summary", {}, text("page.notes")), this.notes);
    return element("div", {class: "base"}, offer.stored ? element("p", {class: "notice"}, text(offer.stories.length ? "page.stored" : "page.stored_alone", {count: offer.scenarios.length})) : null,
      searched("page.base", this.base), this.about, this.plan, this.noted,
      element("button", {type: "button", class: "quiet", onclick: () => this.page.change(() => ({base: store.state.scenarios[store.state.tab].base, levers: {}, assumptions: {}}))}, text("page.reset")));
  }

  _scenario() {
    const {store} = this.page;
    return store.state.scenarios[store.state.tab];
  }

  _bundle(bundle, open) {
    const levers = bundle.levers.map((id) => this.page.offer.levers.find((one) => one.id === id));
    const name = inLanguage(bundle.title);
    const only = levers.length === 1 && levers[0].is_switch;
    let held = null;
    const [low, high] = [levers.some((lever) => lever.low < lever.baseline) ? -100 : 0, levers.some((lever) => lever.high > lever.baseline) ? 100 : 0];
    const move = (percent, dragging) => {
      held = percent;
      this.set(Object.fromEntries(levers.map((lever) => [lever.id, atStrength(lever, percent)])), dragging);
    };
    const controls = pairOf({label: `${name}: ${text("page.strength")}`, low, high, today: 0, step: only ? 100 : 5, move, id: `bundle-${bundle.id}`});
    const mixed = element("span", {class: "fine mixed"});
    const drawer = element("details", {class: "drawer", "data-bundle": bundle.id, open}, element("summary", {}, text("page.drawer", {count: levers.length})));
    // The levers of a closed drawer are made when it is opened: most never are.
    const fill = () => {
      if (drawer.childElementCount > 1) return;
      const from = this.shown.length;
      drawer.append(...levers.map((lever) => this._lever(lever)));
      for (const update of this.shown.slice(from)) update();
    };
    if (open) fill();
    drawer.addEventListener("toggle", () => drawer.open && fill());
    this.shown.push(() => {
      const {percent, isOne} = together(levers, (lever) => valueOf(lever, this._scenario(), this.page.offer), held);
      controls.set(percent);
      write(mixed, isOne ? "" : text("page.mixed"));
    });
    const words = [bundle, ...levers].flatMap((one) => [one.id, ...Object.values(one.title), ...Object.values(one.meaning ?? {})]).join(" ").toLowerCase();
    return element("div", {class: "bundle", "data-words": words}, element("div", {class: "bundle-head"}, element("span", {class: "bundle-name"}, name), mixed),
      element("div", {class: "pair"}, controls.slider, controls.box, element("span", {class: "unit", "aria-hidden": "true"}, "%")), drawer);
  }

  _lever(lever) {
    const {offer} = this.page;
    const name = inLanguage(lever.title);
    const controls = pairOf({label: `${name} (${unitName(lever.unit)})`, low: lever.low, high: lever.high, today: lever.baseline, step: stepOf(lever), id: `lever-${lever.id}`,
      move: (value, dragging) => this.set({[lever.id]: value}, dragging)});
    const years = Array.from({length: offer.years[offer.years.length - 1] - offer.first_year + 1}, (_, at) => offer.first_year + at);
    const year = choice({id: `year-${lever.id}`, onchange: (event) => this._tell(lever, {year: Number(event.target.value)})},
      years.filter((one) => one <= LAST_YEAR).map((one) => [String(one), String(one)]), String(offer.first_year));
    const where = choice({id: `where-${lever.id}`, onchange: (event) => this._tell(lever, {places: placesOf(event.target.value)})}, this._places(), "all");
    where.disabled = lever.scope === "province";
    this.shown.push(() => {
      const told = settings(this._scenario(), offer)[lever.id];
      controls.set(told?.value ?? lever.baseline);
      year.value = String(told?.year ?? offer.first_year);
      const places = wordsOf(told?.places ?? "all");
      if (![...where.options].some((one) => one.value === places)) where.append(element("option", {value: places}, text("page.several", {count: places.split("+").length})));
      where.value = places;
      for (const control of [year, where]) control.disabled = told === undefined || (control === where && lever.scope === "province");
    });
    return element("div", {class: "lever", "data-lever": lever.id}, element("p", {class: "lever-name"}, element("strong", {}, name), ` · ${unitName(lever.unit)}`),
      element("div", {class: "pair"}, controls.slider, controls.box),
      element("div", {class: "pair"}, element("label", {}, element("span", {}, text("page.by_year")), year), searched("page.where", where)),
      targetRow(this.page, lever), element("p", {class: "fine"}, inLanguage(lever.meaning)), element("dl", {class: "facts"}, ...factsOf(lever)));
  }

  _places() {
    const {offer} = this.page;
    const places = offer.areas.filter((one) => one.level === "place");
    return [{label: text("page.groups"), options: offer.place_groups.map((one) => [one, text(`page.places_${one}`)])},
      {label: text("page.places"), options: places.map((one) => [one.id, inLanguage(one.name)])}];
  }

  // Sets levers by id, reached as soon as their ramps allow.
  set(values, dragging = false) {
    const {offer} = this.page;
    this.page.change((scenario) => {
      const levers = {...scenario.levers};
      const base = offer.scenarios.find((one) => one.id === scenario.base)?.levers ?? {};
      for (const [id, value] of Object.entries(values)) {
        const lever = offer.levers.find((one) => one.id === id);
        const before = levers[id] ?? base[id];
        const follows = before === undefined || before.year === soonest(lever, before.value, offer);
        const year = follows ? soonest(lever, value, offer) : before.year;
        if (value === lever.baseline && !(id in base)) delete levers[id];
        else levers[id] = {value, year, places: plain(before?.places)};
      }
      return {...scenario, levers};
    }, {dragging, moved: Object.keys(values)});
  }

  _tell(lever, part) {
    this.page.change((scenario) => {
      const before = settings(scenario, this.page.offer)[lever.id];
      return before ? {...scenario, levers: {...scenario.levers, [lever.id]: {...before, places: plain(before.places), ...part}}} : scenario;
    }, {moved: [lever.id]});
  }

  show() {
    if (this.told !== this._scenario().base) this._tellBase();
    if (this.page.offer.stored) write(this.plan, planWords(this._scenario(), this.page.offer));
    for (const update of this.shown) update();
  }

  _tellBase() {
    this.told = this._scenario().base;
    this.base.value = this.told;
    const base = this.page.offer.scenarios.find((one) => one.id === this._scenario().base);
    this.about.textContent = inLanguage(base.sentence);
    const notes = [base.question, base.trade_off, ...base.notes].map(inLanguage).filter(Boolean);
    this.noted.hidden = !notes.length;
    replace(this.notes, ...notes.map((note) => element("p", {}, note)));
  }
}

// Slider and number box of one value, filled from today's value, which has a tick; `move(value, dragging)` is told.
function pairOf({label, low, high, today, step, move, id}) {
  const limit = (words) => Math.min(high, Math.max(low, Number(words)));
  const slider = element("input", {type: "range", id, min: low, max: high, step, "aria-label": label,
    oninput: (event) => move(endsOf(event.target, low, high, step), true), onchange: (event) => move(endsOf(event.target, low, high, step), false)});
  const box = element("input", {type: "number", min: low, max: high, step: "any", "aria-label": `${label}, ${text("page.as_number")}`,
    onchange: (event) => (event.target.value !== "" && Number.isFinite(Number(event.target.value)) ? move(limit(event.target.value), false) : null)});
  const part = (value) => (high > low ? String((value - low) / (high - low)) : "0");
  slider.style.setProperty("--today", part(today));
  return {slider, box, set(value) {
    if (Number(slider.value) !== value) slider.value = value;
    if (Number(box.value) !== value || box.value === "") box.value = String(value);
    slider.style.setProperty("--from", part(Math.min(value, today)));
    slider.style.setProperty("--to", part(Math.max(value, today)));
  }};
}

// What a slider holds: its end where no step is left before it, for steps need not lead there.
function endsOf(slider, low, high, step) {
  const value = Number(slider.value);
  return high - value < step && value > low ? high : value;
}

function factsOf(lever) {
  const costs = lever.costs.map((one) => `${number(one.amount)} ${unitName(one.unit)}`).join("; ");
  const facts = [
    ["page.article", `${articleOf(lever.article)} · ${text(`in_text.${lever.in_text}`)}`],
    ["page.ramp", lever.ramp_years > 0 ? text("page.ramp_years", {years: lever.ramp_years}) : text("page.ramp_none")],
    ["page.cost", costs ? `${costs} · ${text(`evidence.${lever.cost_evidence}`)}` : MISSING],
    ["page.pays", lever.who_pays.map((one) => text(`payer.${one}`)).join(", ")],
    ["page.evidence", text(`evidence.${lever.evidence}`)],
    ["page.source", lever.source],
    ["page.range", `${lever.low} – ${lever.high} (${text("page.now_at", {value: lever.baseline})})`],
  ];
  return facts.filter(([, words]) => words).flatMap(([key, words]) => [element("dt", {}, text(key)), element("dd", {}, words)]);
}

function articleOf(article) {
  return article.split(";").map((one) => (/^\d+$/.test(one) ? text("page.article_number", {number: one}) : text("page.part", {number: one}))).join(", ");
}

function placesOf(value) {
  return /^\d|^rest_/.test(value) && value !== "68" ? value.split("+") : value;
}

function wordsOf(places) {
  return Array.isArray(places) ? places.join("+") : plainWords(places);
}

function plainWords(places) {
  return places.replaceAll(", ", "+");
}

// The places of a setting as a request may name them; a rule of a scenario file stands for all places once it is moved.
function plain(places) {
  if (places === undefined || (typeof places === "string" && places.includes("="))) return "all";
  return Array.isArray(places) ? places : placesOf(plainWords(places));
}
