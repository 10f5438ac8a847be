// The values of a chart at a year: under the pointer, the finger, or by arrow keys when the chart has the focus.

import {element, write} from "./dom.js";
import {number} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

const STEPS = {ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1};

export class Readout {
  // plot: where the chart is drawn; years: of the chart; indicator: what it shows.
  constructor(plot, years, indicator) {
    this.frame = element("div", {class: "frame"}, plot);
    this.plot = plot;
    this.years = years;
    this.unit = indicator.unit;
    this.series = [];
    this.at = null;
    this.words = element("p", {class: "fine readout", "aria-hidden": "true"});
    const attributes = {role: "slider", tabindex: "0", "aria-label": text("page.readout", {name: inLanguage(indicator.title)}), "aria-valuemin": years[0], "aria-valuemax": years[years.length - 1]};
    for (const [name, value] of Object.entries(attributes)) this.frame.setAttribute(name, String(value));
    this.frame.addEventListener("pointermove", (event) => this._under(event));
    this.frame.addEventListener("pointerdown", (event) => this._under(event));
    this.frame.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this._to(null); });
    this.frame.addEventListener("focus", () => { if (this.at === null) this._to(years.length - 1); });
    this.frame.addEventListener("blur", () => this._to(null));
    this.frame.addEventListener("keydown", (event) => this._key(event));
    this._say();
  }

  // Takes the lines that are drawn, [{name, values}], and says them again at the year in hand.
  take(series, nameOf) {
    this.series = series;
    this.nameOf = nameOf;
    this._say();
  }

  _key(event) {
    const last = this.years.length - 1;
    const to = event.key === "Home" ? 0 : event.key === "End" ? last : event.key in STEPS ? (this.at ?? last) + STEPS[event.key] : null;
    if (to === null) return;
    event.preventDefault();
    this._to(Math.max(0, Math.min(last, to)));
  }

  _under(event) {
    const view = this.view?.();
    if (!view) return;
    const left = this.plot.querySelector("canvas").getBoundingClientRect().left;
    const year = Math.round(view.scale("x").invert(event.clientX - left - view.origin()[0]));
    this._to(Math.max(0, Math.min(this.years.length - 1, this.years.indexOf(year) >= 0 ? this.years.indexOf(year) : year > this.years[0] ? this.years.length - 1 : 0)));
  }

  _to(at) {
    if (at === this.at) return;
    this.at = at;
    this._say();
  }

  _say() {
    const at = this.at ?? this.years.length - 1;
    const words = this.series.map((one) => `${this.nameOf(one.name)} ${number(one.values[at], this.unit)}`).join(" · ");
    this.frame.setAttribute("aria-valuenow", String(this.years[at]));
    this.frame.setAttribute("aria-valuetext", words ? `${this.years[at]}: ${words}` : String(this.years[at]));
    write(this.words, this.at === null || !words ? "" : `${this.years[at]}: ${words}`);
  }
}
