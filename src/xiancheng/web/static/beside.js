// Other places beside the one in sight: a line for each in every chart, all of the plan in hand.

import {byId, choice, element, replace} from "./dom.js";
import {searched} from "./find.js";
import {BESIDE, TABS} from "./link.js";
import {inLanguage, text} from "./texts.js";

// The colours and dashes of lines are those of plans; the place in sight takes the first.
const KEYS = TABS;

export class Beside {
  constructor(page) {
    this.page = page;
    this.nameOf = (key) => this.page.areaName(this._areas()[KEYS.indexOf(key)]);
  }

  ids() {
    const {beside, place} = this.page.store.state;
    return beside.filter((id) => id !== place);
  }

  _areas() {
    const {offer} = this.page;
    return [this.page.areaAt(), ...this.ids().map((id) => offer.areas.findIndex((one) => one.id === id))];
  }

  // The lines of an indicator, one for each place; null while no other place is beside.
  series(id) {
    if (!this.ids().length) return null;
    const figures = this.page.current();
    return this._areas().map((area, at) => ({name: KEYS[at], values: this.page.offer.years.map((_, year) => figures.value(id, year, area))}));
  }

  build() {
    const {offer, store} = this.page;
    const there = this.ids();
    const options = (level) => offer.areas.filter((one) => level.includes(one.level) && one.id !== store.state.place && !there.includes(one.id)).map((one) => [one.id, inLanguage(one.name)]);
    const set = (beside) => this.page.rebuild({beside});
    const list = choice({id: "beside", onchange: (event) => event.target.value && set([...there, event.target.value])},
      [["", text("page.beside_choose")], {label: text("page.wholes"), options: options(["province", "68"])}, {label: text("page.prefectures"), options: options(["prefecture"])}, {label: text("page.places"), options: options(["place"])}], "");
    replace(byId("beside-controls"), there.length < BESIDE ? searched("page.beside", list) : null,
      ...there.map((id) => element("button", {type: "button", class: "quiet", "aria-label": text("page.beside_remove", {place: this._name(id)}), onclick: () => set(there.filter((one) => one !== id))}, `${this._name(id)} ×`)),
      there.length ? element("p", {class: "fine"}, text("page.beside_about", {name: this.page.nameOf(store.state.tab)})) : null);
  }

  _name(id) {
    return inLanguage(this.page.offer.areas.find((one) => one.id === id).name);
  }
}
