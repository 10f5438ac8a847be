// Why: the way from the lever in hand to its figure through the equations, asked for when somebody opens it.

import {byId, element, replace} from "./dom.js";
import {Mechanism} from "./mechanism.js";
import {number, unitName} from "./numbers.js";
import {sketches} from "./sketch.js";
import {inLanguage, text} from "./texts.js";

export class Why {
  constructor(page) {
    this.page = page;
    this.box = byId("why");
    this.kept = new Map();
    this.mechanism = new Mechanism(page);
    this.box.addEventListener("toggle", () => this.draw());
  }

  // The lever in hand: the one moved last, else the last that the plan sets.
  lever() {
    const {offer, store} = this.page;
    const scenario = store.state.scenarios[store.state.tab];
    const base = offer.scenarios.find((one) => one.id === scenario.base)?.levers ?? {};
    const id = this.page.moved[0] ?? [...Object.keys(base), ...Object.keys(scenario.levers)].pop();
    return offer.levers.find((one) => one.id === id) ?? null;
  }

  async draw() {
    const lever = this.lever();
    this.box.hidden = !lever || this.page.offer.stored || !this.page.offer.indicators.some((one) => one.id === lever.own_indicator);
    if (this.box.hidden) return null;
    const indicator = this.page.offer.indicators.find((one) => one.id === lever.own_indicator);
    const mark = `${lever.id} ${this.page.store.state.lang}`;
    this.box.querySelector("summary").textContent = text("page.why", {lever: inLanguage(lever.title), figure: inLanguage(indicator.title)});
    if (!this.box.open) return null;
    if (this.shown !== mark) {
      this.shown = mark;
      replace(this.mechanism.state, text("page.why_reading"));
      replace(byId("why-body"), this.mechanism.state);
      if (!this.kept.has(lever.id)) this.kept.set(lever.id, fetch(`/why/${lever.id}`).then((answer) => answer.json()));
      const way = await this.kept.get(lever.id).catch(() => null);
      if (this.shown !== mark) return null;
      if (!way) return this._fail(lever);
      this._fill(lever, way);
    }
    return this.mechanism.ask(lever);
  }

  // A server that is lost meanwhile is asked again when this is opened anew.
  _fail(lever) {
    this.kept.delete(lever.id);
    this.shown = null;
    return replace(this.mechanism.state, text("page.failed"));
  }

  _fill(lever, {variables, loops}) {
    const body = byId("why-body");
    if (!variables?.length) return replace(body, element("p", {}, text("page.why_none")));
    return replace(body, this.mechanism.state, element("p", {class: "fine"}, text("page.why_about")),
      element("ol", {}, ...variables.map((one) => this._variable(one))),
      ...sketches(variables, this.page.offer.sectors, (id) => this._goTo(id)),
      loops.length ? this.mechanism.loops(lever, loops) : this.mechanism.verdict);
  }

  _goTo(id) {
    const line = this.box.querySelector(`[data-variable="${id}"]`);
    line?.scrollIntoView({block: "center"});
    line?.focus();
  }

  _variable(one) {
    return element("li", {tabindex: "-1", "data-variable": one.id}, element("strong", {lang: "en"}, one.name), ` · ${unitName(one.unit)} `, element("span", {lang: "en"}, one.sentence),
      this.mechanism.place(one.id),
      ...one.constants.map((constant) => element("p", {class: "fine"}, element("span", {lang: "en"}, constant.name),
        ` = ${number(constant.value)} ${unitName(constant.unit)} · ${text(`evidence.${constant.evidence}`)} · `, element("span", {lang: "en"}, constant.source))),
      element("details", {class: "drawer"}, element("summary", {}, text("page.equation")), element("pre", {lang: "en", tabindex: "0"}, one.equation)));
  }
}
