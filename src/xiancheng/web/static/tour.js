// A walk over the parts of the page, by keyboard or mouse. It begins when it is asked for and remembers nothing.

import {element, replace, write} from "./dom.js";
import {text} from "./texts.js";

const STEPS = [
  ["levers", () => document.querySelector("aside")],
  ["money", () => document.getElementById("money")],
  ["map", () => document.getElementById("map").closest("section")],
  ["results", () => document.getElementById("results").closest("section")],
  ["charts", () => document.getElementById("charts")],
  ["plans", () => document.getElementById("tabs")],
  ["link", () => document.getElementById("tools")],
];
const KEYS = {ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1};

export class Tour {
  constructor() {
    this.box = element("dialog", {class: "tour", "aria-labelledby": "tour-title", "aria-describedby": "tour-words"});
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Tab" && !(event.key in KEYS)) return;
      event.preventDefault();
      if (event.key === "Tab") this._turn(event.shiftKey ? -1 : 1);
      else this._go(KEYS[event.key]);
    });
    this.box.addEventListener("close", () => this._leave());
    document.body.append(this.box);
  }

  start() {
    const isStored = document.body.hasAttribute("data-stored");
    this.steps = STEPS.filter(([name, find]) => !find().hidden && !(isStored && name === "levers"));
    this.at = 0;
    this.title = element("h2", {id: "tour-title"});
    this.words = element("p", {id: "tour-words"});
    this.count = element("p", {class: "fine"});
    this.back = element("button", {type: "button", onclick: () => this._go(-1)}, text("page.tour_back"));
    this.next = element("button", {type: "button", onclick: () => this._go(1)});
    replace(this.box, element("div", {"aria-live": "polite"}, this.title, this.words),
      element("div", {class: "controls"}, this.count, this.back, this.next,
        element("button", {type: "button", class: "quiet", onclick: () => this.box.close()}, text("page.tour_end"))),
      element("p", {class: "fine"}, text("page.tour_keys")));
    this._show();
    this.box.showModal();
    this.next.focus();
  }

  _go(by) {
    const to = this.at + by;
    if (to >= this.steps.length) this.box.close();
    else if (to >= 0) {
      this.at = to;
      this._show();
    }
  }

  // The tabulator key goes round within the tour.
  _turn(by) {
    const buttons = [...this.box.querySelectorAll("button:not(:disabled)")];
    const to = buttons.indexOf(document.activeElement) + by;
    buttons[(to + buttons.length) % buttons.length].focus();
  }

  _show() {
    const [name, find] = this.steps[this.at];
    this._mark(find());
    write(this.title, text(`page.tour_${name}`));
    write(this.words, text(`page.tour_${name}_words`));
    write(this.count, text("page.tour_step", {at: this.at + 1, count: this.steps.length}));
    write(this.next, text(this.at + 1 < this.steps.length ? "page.tour_next" : "page.tour_done"));
    this.back.disabled = this.at === 0;
    if (this.box.open && (this.back.disabled || !this.box.contains(document.activeElement))) this.next.focus();
  }

  _mark(part) {
    document.querySelector(".toured")?.classList.remove("toured");
    part?.classList.add("toured");
    part?.scrollIntoView({block: "start"});
  }

  _leave() {
    this._mark(null);
    document.querySelector("[data-act=tour]")?.focus();
  }
}
