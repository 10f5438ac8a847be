// What the page has to say: warnings about a link, the state of the server, and one announcement for each release.

import {byId, element, replace} from "./dom.js";
import {inLanguage, text} from "./texts.js";

const MOST = 10;

export class Notices {
  constructor() {
    this.held = new Map();
    this.words = () => "";
  }

  // Announces to those who listen, and shows it; `words` is a function, so that it changes language.
  say(words) {
    this.words = words;
    byId("announcement").textContent = words();
  }

  // Shows a banner under a name until it is closed or taken back; `lines` are functions, so that they change language.
  put(name, lines, {closable = true, onclose = () => {}} = {}) {
    this.held.set(name, {lines, closable, onclose});
    this.show();
  }

  take(name) {
    if (this.held.delete(name)) this.show();
  }

  closeAll() {
    for (const [name, {closable, onclose}] of [...this.held]) {
      if (!closable) continue;
      onclose();
      this.held.delete(name);
    }
    this.show();
  }

  show() {
    byId("announcement").textContent = this.words();
    replace(byId("notices"), ...[...this.held].map(([name, {lines, closable, onclose}]) => element("div", {class: `notice ${name}`},
      element("ul", {}, ...lines().map((line) => element("li", {}, line))),
      closable ? element("button", {type: "button", class: "quiet", "aria-label": text("page.close"), onclick: () => { onclose(); this.take(name); }}, "×") : null)));
  }

  warnings(found) {
    if (!found.length) return this.take("warning");
    const more = found.length - MOST;
    return this.put("warning", () => [...found.slice(0, MOST).map((one) => text(one.key, one.values)), ...(more > 0 ? [text("page.warn_more", {count: more})] : [])]);
  }

  otherModel(link, own) {
    if (link) this.put("model", () => [text("page.other_model", {link, own})]);
    else this.take("model");
  }

  problems(found) {
    this.put("refused", () => found.map((one) => inLanguage(one)));
  }
}
