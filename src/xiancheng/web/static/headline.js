// The one result that is large: the figure that the levers moved last are for, at the place and year in sight.

import {byId, element, replace, write} from "./dom.js";
import {inWords, judged, largest, withUnit} from "./effects.js";
import {number} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

export class Headline {
  constructor(page) {
    this.page = page;
    this.parts = {title: element("p", {class: "fine"}), value: element("span"), moved: element("span", {class: "moved"}), beside: element("p", {class: "fine"})};
    const {title, value, moved, beside} = this.parts;
    replace(byId("headline"), title, element("p", {class: "large"}, value, " ", moved), beside);
  }

  draw() {
    const {offer, store} = this.page;
    const [area, at, before, now] = [this.page.areaAt(), offer.years.indexOf(store.state.year), this.page.reference(), this.page.current()];
    const indicator = offer.indicators.find((one) => one.id === this.page.aim());
    const [level, value] = [before, now].map((figures) => figures.value(indicator.id, at, area));
    const {sign, words} = judged(value - level, level, indicator);
    const still = this.page.atRest();
    const side = still ? null : largest(offer, [indicator.id, ...this.page.own(), ...Object.values(offer.money)], before, now, at, area);
    write(this.parts.title, `${inLanguage(indicator.title)} · ${text("page.results_at", {place: this.page.areaName(area), year: store.state.year})}`);
    write(this.parts.value, number(value, indicator.unit));
    write(this.parts.moved, still ? "" : `${sign === "●" ? "" : withUnit(value - level, indicator.unit)} ${sign} ${words}`);
    write(this.parts.beside, still ? text("page.at_rest")
      : `${text("page.baseline")} ${number(level, indicator.unit)} · ${side ? text("page.side_effect", {effect: inWords(side)}) : text("page.no_side_effect")}`);
  }
}
