// The best use of a budget: what a few levers may be set to so that a figure gains most; searched on the server's warm model.

import {byId, choice, element, replace, write} from "./dom.js";
import {weight} from "./effects.js";
import {searched} from "./find.js";
import {settings} from "./levers.js";
import {number} from "./numbers.js";
import {Refused} from "./server.js";
import {currentLanguage, inLanguage, text} from "./texts.js";

const LOOK = 1000;
const MOST = 8;
const OWN = "";

export class Budget {
  constructor(page) {
    this.page = page;
    this.box = byId("budget");
    this.box.addEventListener("toggle", () => this.build());
  }

  // The levers of a closed drawer are made when it is opened.
  build() {
    const {offer, store} = this.page;
    this.box.hidden = Boolean(offer.stored);
    this.box.querySelector("summary").textContent = text("page.budget");
    if (!this.box.open) return;
    const figures = [true, false].map((isMain) => ({label: text(isMain ? "page.main_figures" : "page.other_figures"),
      options: offer.indicators.filter((one) => one.headline === isMain).map((one) => [one.id, inLanguage(one.title)])}));
    const bundles = offer.bundles.map((one) => [one.id, inLanguage(one.title)]);
    this.figure = choice({id: "budget-figure", onchange: () => this._way()}, figures, this.figure?.value ?? store.state.map);
    this.way = choice({id: "budget-way"}, [["more", text("page.budget_more")], ["fewer", text("page.budget_fewer")]], this.way?.value ?? "more");
    this.money = element("input", {type: "number", id: "budget-money", min: 0, step: "any", value: this.money?.value ?? ""});
    this.levers = choice({id: "budget-levers"}, [[OWN, text("page.budget_own")], ...bundles], this.levers?.value ?? offer.bundles[0].id);
    this.said = element("div", {role: "status"});
    replace(byId("budget-body"), element("p", {class: "fine"}, text("page.budget_about")), searched("page.budget_figure", this.figure), searched("page.budget_way", this.way),
      element("label", {for: "budget-money"}, element("span", {}, text("page.budget_money", {unit: text("page.budget_unit")})), this.money), searched("page.budget_levers", this.levers),
      element("button", {type: "button", id: "budget-find", onclick: () => this._find()}, text("page.budget_find")), this.said);
    this._way();
  }

  // Better is lower for some figures; for those without a good side the reader says which way.
  _way() {
    const {direction} = this.page.offer.indicators.find((one) => one.id === this.figure.value);
    if (direction !== "neither") this.way.value = direction === "lower" ? "fewer" : "more";
  }

  // The levers that may move: those of the bundle, or those that the plan sets.
  _moving() {
    const {offer, store} = this.page;
    const bundle = offer.bundles.find((one) => one.id === this.levers.value);
    return bundle ? bundle.levers.slice(0, MOST) : Object.keys(settings(store.state.scenarios[store.state.tab], offer));
  }

  async _find() {
    const {server, store} = this.page;
    const {state} = store;
    const [moving, amount] = [this._moving(), Number(this.money.value) * (currentLanguage() === "zh" ? 1e8 : 1e9)];
    if (!(amount > 0)) return write(this.said, text("page.budget_number"));
    if (!moving.length || moving.length > MOST) return write(this.said, text("page.budget_no_levers", {most: MOST}));
    const scenario = state.scenarios[state.tab];
    const levers = Object.fromEntries(Object.entries(scenario.levers).filter(([id]) => !moving.includes(id)));
    const wish = {indicator: this.figure.value, area: state.place, year: state.year, is_more: this.way.value === "more", budget: amount, levers: moving};
    const told = this._tell();
    try {
      this._show(wish, await server.budget({...scenario, levers}, wish));
    } catch (error) {
      write(this.said, error instanceof Refused ? error.problems.map(inLanguage).join(" · ") : text("page.failed"));
    } finally {
      clearInterval(told);
    }
    return null;
  }

  _tell() {
    const {server} = this.page;
    const words = element("span", {}, text("page.target_running"));
    const stop = element("button", {type: "button", class: "quiet", onclick: () => { stop.disabled = true; server.stopOf("budget"); }}, text("page.why_stop"));
    replace(this.said, words, " ", stop);
    return setInterval(async () => {
      const {done, of, seconds} = await server.progressOf("budget");
      if (of) write(words, text("page.budget_running", {done, seconds}));
    }, LOOK);
  }

  _show(wish, answer) {
    const {offer} = this.page;
    const indicator = offer.indicators.find((one) => one.id === wish.indicator);
    const years = offer.years;
    if (!answer.is_kept) return write(this.said, text("page.budget_over"));
    const place = this.page.areaName(offer.areas.findIndex((one) => one.id === wish.area));
    const words = text("page.budget_found", {title: inLanguage(indicator.title), place, year: wish.year, before: number(answer.before, indicator.unit), after: number(answer.after, indicator.unit),
      most: number(answer.most, "yuan", {sign: true}), sum: number(answer.sum, "yuan", {sign: true}), last: years[years.length - 1], tried: answer.tried, seconds: answer.seconds});
    const isStill = weight(answer.after - answer.before, answer.before, indicator) < 1;
    const lines = Object.entries(answer.levers).map(([id, {value, year}]) => {
      const lever = offer.levers.find((one) => one.id === id);
      return element("li", {}, text("page.budget_setting", {lever: inLanguage(lever.title), value: number(value, lever.unit), year}));
    });
    return replace(this.said, element("p", {}, words), isStill ? element("p", {}, text("page.budget_still")) : null, element("ul", {class: "fine"}, ...lines),
      element("button", {type: "button", class: "quiet", onclick: () => this._set(answer.levers)}, text("page.target_set")));
  }

  // What was found, as settings of the plan in hand; what stays at today's value is left out.
  _set(found) {
    const {offer} = this.page;
    const moved = Object.entries(found).filter(([id, {value}]) => value !== offer.levers.find((one) => one.id === id).baseline);
    this.page.change((scenario) => ({...scenario, levers: {...scenario.levers, ...Object.fromEntries(moved)}}), {moved: moved.map(([id]) => id)});
  }
}
