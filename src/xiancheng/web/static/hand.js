// The place in hand on the map: under the pointer or finger, or by arrow keys; its name and value stand beside it.

import {byId, element, write} from "./dom.js";
import {text} from "./texts.js";

const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const ASIDE = 2;
const GAP = 14;

export class Hand {
  // told: {place(index or null), chosen(index)}
  constructor(told) {
    this.told = told;
    this.at = null;
    this.rows = [];
    this.frame = byId("map-frame");
    this.tip = element("p", {id: "map-hover", "aria-hidden": "true", hidden: true});
    this.frame.append(this.tip);
    this.frame.addEventListener("keydown", (event) => this._key(event));
    this.frame.addEventListener("focus", () => { if (this.frame.matches(":focus-visible")) this.take(this.at ?? this._first()); });
    this.frame.addEventListener("blur", () => this.take(null));
    this.frame.addEventListener("pointerleave", () => this.take(null));
  }

  // rows: the places as they are drawn; chosen: id of the place in sight; left(row), down(row): where it stands in the frame [pixels].
  set(rows, chosen, where) {
    Object.assign(this, {rows, chosen, where});
    const attributes = {"aria-label": text("page.map_hand"), "aria-valuemin": 1, "aria-valuemax": rows.length};
    for (const [name, value] of Object.entries(attributes)) this.frame.setAttribute(name, String(value));
    this._say();
  }

  take(at) {
    if (at === this.at) return;
    this.at = at;
    this._say();
    this.told.place(at);
  }

  _first() {
    return Math.max(0, this.rows.findIndex((row) => row.id === this.chosen));
  }

  _key(event) {
    if (!this.rows.length) return;
    const at = this.at ?? this._first();
    if (event.key === "Enter" || event.key === " ") this.told.chosen(at);
    else if (event.key in WAYS) this.take(this._towards(at, WAYS[event.key]));
    else return;
    event.preventDefault();
  }

  // The nearest place that way; what lies aside counts double.
  _towards(at, [east, north]) {
    const from = this.rows[at];
    let [best, least] = [at, Infinity];
    this.rows.forEach((row, index) => {
      const [x, y] = [row.x - from.x, row.y - from.y];
      const ahead = x * east + y * north;
      const way = ahead + ASIDE * Math.abs(x * north - y * east);
      if (ahead > 1e-6 && way < least) [best, least] = [index, way];
    });
    return best;
  }

  _say() {
    const row = this.rows[this.at ?? this._first()];
    this.frame.setAttribute("aria-valuenow", String((this.at ?? this._first()) + 1));
    this.frame.setAttribute("aria-valuetext", row ? `${row.name} ${row.words}` : "—");
    this.tip.hidden = this.at === null || !row;
    write(this.tip, this.tip.hidden ? "" : `${row.name} ${row.words}`);
    if (!this.tip.hidden) this._place(row);
  }

  // Beside the place, on the side that has more room.
  _place(row) {
    const [left, down] = this.where(row);
    const isRight = left > this.frame.clientWidth / 2;
    this.tip.style.left = isRight ? "auto" : `${left + GAP}px`;
    this.tip.style.right = isRight ? `${this.frame.clientWidth - left + GAP}px` : "auto";
    this.tip.style.top = `${down}px`;
    this.tip.style.maxWidth = `${(isRight ? left : this.frame.clientWidth - left) - GAP}px`;
  }
}
