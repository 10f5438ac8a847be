// A line that the reader draws before the model shows its own: by pointer, finger or keys; then both, and how far they lie apart.

import {byId, element, replace, write} from "./dom.js";
import {weight, withUnit} from "./effects.js";
import {bare, number, short, unitName} from "./numbers.js";
import {axes, linePath, scales} from "./paper.js";
import {currentLanguage, inLanguage, text} from "./texts.js";

const STEPS = {ArrowUp: 1, ArrowDown: -1, PageUp: 8, PageDown: -8};
const PARTS = 80;

export class Guess {
  // told: called when the reader wants to see the model's line.
  constructor(page, told) {
    this.page = page;
    this.told = told;
    this.box = byId("guess");
    this.line = null;
  }

  get isOpen() { return document.body.hasAttribute("data-guess"); }

  // line: {indicator, draw: {low, high, shows}, place name, base: values by year, model: values by year}.
  begin(line) {
    const {years, first_year: firstYear} = this.page.offer;
    this.line = line;
    this.from = line.draw.shows === "baseline" ? Math.max(0, years.indexOf(firstYear) - 1) : Math.max(0, line.base.findIndex(Number.isFinite));
    this.knots = new Map([[this.from, line.base[this.from]]]);
    Object.assign(this, {at: years.length - 1, hand: null, isDrawn: false, isShown: false});
    this._lay();
    document.body.toggleAttribute("data-guess", true);
    this.build();
    this.frame.focus({preventScroll: true});
    this.box.scrollIntoView({block: "start"});
  }

  // Shows the model's line beside the reader's.
  show() {
    this.isShown = true;
    document.body.toggleAttribute("data-guess", false);
    this.build();
  }

  end() {
    this.line = null;
    document.body.toggleAttribute("data-guess", false);
    this.box.hidden = true;
    replace(this.box);
  }

  build() {
    if (!this.line) return;
    const {indicator, place, draw} = this.line;
    this.box.hidden = false;
    const title = text("page.guess", {title: inLanguage(indicator.title), place});
    this.frame = element("div", {class: "paper", role: this.isShown ? "img" : "slider", tabindex: this.isShown ? null : "0", "aria-label": title});
    this.said = element("p", {class: "readout", "aria-hidden": "true"});
    this.verdict = element("p", {role: "status"});
    replace(this.box, element("h2", {}, title), element("p", {class: "fine"}, unitName(indicator.unit)),
      element("p", {}, text(draw.shows === "baseline" ? "page.guess_baseline" : "page.guess_start", {year: this.page.offer.years[this.from]})),
      this.frame, this.said, this.verdict, this.isShown ? this._table() : element("p", {class: "fine"}, text("page.guess_how")), element("div", {class: "controls"}, ...this._buttons()));
    if (!this.isShown) this._listen();
    this._draw();
    if (this.isShown) write(this.verdict, this._words().join(currentLanguage() === "zh" ? "" : " "));
  }

  _buttons() {
    const button = (words, onclick, disabled = false) => element("button", {type: "button", onclick, disabled}, words);
    if (this.isShown) return [button(text("page.guess_again"), () => this.begin(this.line))];
    this.ready = button(text("page.guess_show"), () => this.told(), !this.isDrawn);
    return [this.ready, button(text("page.guess_skip"), () => { this.mine = null; this.told(); })];
  }

  _listen() {
    this.frame.addEventListener("keydown", (event) => this._key(event));
    this.frame.addEventListener("pointerdown", (event) => { event.preventDefault(); this.frame.focus({preventScroll: true}); this.frame.setPointerCapture(event.pointerId); this.hand = null; this._under(event); });
    this.frame.addEventListener("pointermove", (event) => { if (this.frame.hasPointerCapture(event.pointerId)) this._under(event); });
  }

  _key(event) {
    const last = this.mine.length - 1;
    const to = {ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: this.from + 1, End: last}[event.key];
    if (to === undefined && !(event.key in STEPS)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== undefined) this.at = Math.max(this.from + 1, Math.min(last, to));
    else this._put(this.at, this.mine[this.at] + STEPS[event.key] * (this.line.draw.high - this.line.draw.low) / PARTS);
    this._draw();
  }

  // The line runs straight from one year that was set to the next, and after the last as the baseline does, or level.
  _lay() {
    const {base, draw} = this.line;
    const set = [...this.knots].sort(([one], [other]) => one - other);
    const [end, value] = set[set.length - 1];
    this.mine = base.map((level, at) => {
      if (at < this.from) return level;
      if (at > end) return this._within(value + (draw.shows === "baseline" ? level - base[end] : 0));
      const next = set.findIndex(([one]) => one >= at);
      const [to, high] = set[next];
      const [from, low] = set[Math.max(0, next - 1)];
      return to === at ? high : low + (high - low) * (at - from) / (to - from);
    });
    if (this.ready) this.ready.disabled = !this.isDrawn;
  }

  _put(at, value) {
    this.knots.set(at, this._within(value));
    this.isDrawn = true;
    this._lay();
  }

  // What the pointer has passed over since the last time is filled in between.
  _under(event) {
    const {left, top} = this.svg.getBoundingClientRect();
    const {year, value} = this.scales.back(event.clientX - left, event.clientY - top);
    const at = Math.max(this.from + 1, Math.min(this.mine.length - 1, year));
    const now = this._within(value);
    const hand = this.hand ?? {at, value: now};
    const [low, high] = [Math.min(hand.at, at), Math.max(hand.at, at)];
    for (let one = low; one <= high; one += 1) this._put(one, hand.at === at ? now : hand.value + (now - hand.value) * (one - hand.at) / (at - hand.at));
    Object.assign(this, {at, hand: {at, value: now}});
    this._draw();
  }

  _within(value) { return Math.max(this.line.draw.low, Math.min(this.line.draw.high, value)); }

  _draw() {
    const {years} = this.page.offer;
    const {indicator, draw, base, model} = this.line;
    this.scales = scales({width: Math.max(240, this.frame.clientWidth || 320), height: 240, years, low: draw.low, high: draw.high});
    const known = draw.shows === "baseline" ? base : base.map((value, at) => (at === this.from ? value : NaN));
    const lines = [
      linePath(this.scales, known, "paper-base"),
      ...(this.isShown ? [linePath(this.scales, model, "paper-model")] : []),
      ...(this.mine ? [linePath(this.scales, this.mine.map((value, at) => (at < this.from ? NaN : value)), "paper-mine")] : []),
    ];
    this.svg = axes(this.scales, (value) => short(value, indicator.unit), this.isShown ? null : this.at, lines);
    replace(this.frame, this.svg, ...(this.isShown ? [this._key_of_lines()] : []));
    if (this.isShown) return;
    const words = draw.shows === "baseline"
      ? text("page.guess_value", {year: years[this.at], value: number(this.mine[this.at], indicator.unit), level: number(base[this.at], indicator.unit)})
      : text("page.guess_value_alone", {year: years[this.at], value: number(this.mine[this.at], indicator.unit)});
    const attributes = {"aria-valuemin": years[this.from + 1], "aria-valuemax": years[years.length - 1], "aria-valuenow": years[this.at], "aria-valuetext": words};
    for (const [name, value] of Object.entries(attributes)) this.frame.setAttribute(name, String(value));
    write(this.said, words);
  }

  _key_of_lines() {
    const parts = [...(this.mine ? [["paper-mine", "page.guess_line"]] : []), ["paper-model", "page.guess_model"], ...(this.line.draw.shows === "baseline" ? [["paper-base", "page.baseline"]] : [])];
    return element("p", {class: "fine"}, ...parts.map(([kind, key]) => element("span", {class: `key ${kind}`}, text(key))));
  }

  // How far the two lie apart, and whether they go the same way.
  _words() {
    if (!this.mine) return [];
    const {indicator, base, model, draw} = this.line;
    const last = model.length - 1;
    const drawn = model.map((_, at) => at).filter((at) => at > this.from && Number.isFinite(model[at]));
    const mean = (value) => drawn.reduce((sum, at) => sum + value(at), 0) / drawn.length;
    const apart = (at) => this.mine[at] - model[at];
    const size = (amount) => withUnit(Math.abs(amount), indicator.unit).replace("+", "");
    const count = mean((at) => weight(apart(at), model[at], indicator));
    const end = weight(apart(last), model[last], indicator) < 1 ? "same" : apart(last) > 0 ? "above" : "below";
    const level = draw.shows === "baseline" ? base[last] : base[this.from];
    const [yours, models] = [this.mine[last] - level, model[last] - level];
    const [isYours, isModels] = [yours, models].map((one) => weight(one, level, indicator) >= 1);
    const way = isYours === isModels ? (!isYours || yours * models > 0 ? "alike" : "opposite") : isYours ? "still" : "moved";
    return [text(count < 1 ? "page.guess_near" : "page.guess_apart", {amount: size(mean((at) => Math.abs(apart(at)))), count: number(count, "", {digits: count < 10 ? 1 : 0})}),
      text(`page.guess_end_${end}`, {year: this.page.offer.years[last], amount: size(apart(last))}), text(`page.guess_${way}`)];
  }

  _table() {
    const {years} = this.page.offer;
    const {indicator, model, base, draw} = this.line;
    const columns = [["page.guess_line", this.mine], ["page.guess_model", model], ["page.baseline", draw.shows === "baseline" ? base : null]].filter(([, values]) => values);
    return element("details", {class: "drawer"}, element("summary", {}, text("page.as_table")), element("table", {},
      element("thead", {}, element("tr", {}, element("th", {scope: "col"}, text("page.year")), ...columns.map(([key]) => element("th", {scope: "col"}, text(key))))),
      element("tbody", {}, ...years.map((year, at) => element("tr", {}, element("th", {scope: "row"}, String(year)), ...columns.map(([, values]) => element("td", {}, bare(values[at], indicator.unit))))))));
  }
}
