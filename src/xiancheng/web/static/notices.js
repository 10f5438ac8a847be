// What the page has to say: warnings about a link, the state of the server, and one announcement for each release.

import {byId, element, replace} from "./dom.js";
import {inLanguage, text} from "./texts.js";

export class Notices {
  constructor() {
    this.held = new Map();
  }

  // Announces to those who listen, and shows it.
  say(words) {
    byId("announcement").textContent = words;
  }

  // Shows a banner under a name until it is closed or taken back; `lines` are functions, so that they change language.
  put(name, lines, {closable = true} = {}) {
    this.held.set(name, {lines, closable});
    this.show();
  }

  take(name) {
    if (this.held.delete(name)) this.show();
  }

  show() {
    replace(byId("notices"), ...[...this.held].map(([name, {lines, closable}]) => element("div", {class: `notice ${name}`},
      element("ul", {}, ...lines().map((line) => element("li", {}, line))),
      closable ? element("button", {type: "button", class: "quiet", "aria-label": text("page.close"), onclick: () => this.take(name)}, "×") : null)));
  }

  warnings(found) {
    if (found.length) this.put("warning", () => found.map((one) => text(one.key, one.values)));
  }

  otherModel(link, own) {
    if (link) this.put("model", () => [text("page.other_model", {link, own})]);
  }

  problems(found) {
    this.put("refused", () => found.map((one) => inLanguage(one)));
  }
}
