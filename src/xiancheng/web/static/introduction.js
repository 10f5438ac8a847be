// The first lines: what this is, of where, and who made the figures. Shown until closed; the list of stories begins with them.

import {byId, element, replace} from "./dom.js";
import {inLanguage, text} from "./texts.js";

const MARK = "xiancheng.introduced";

// A browser may keep nothing for a page; then the lines are shown each time.
function isKnown() {
  try { return localStorage.getItem(MARK) !== null; } catch { return false; }
}

function keep() {
  try { localStorage.setItem(MARK, "1"); } catch { /* shown again next time */ }
}

export class Introduction {
  constructor(page) {
    this.page = page;
    this.box = byId("introduction");
    this.isOpen = page.offer.introduction.length > 0 && !isKnown();
  }

  build() {
    this.box.hidden = !this.isOpen;
    if (!this.isOpen) return replace(this.box);
    return replace(this.box, element("div", {class: "lines"}, ...this.page.offer.introduction.map((line) => element("p", {}, inLanguage(line)))),
      element("div", {class: "controls"}, element("button", {type: "button", onclick: () => this.page.stories.menu()}, text("page.learn")),
        element("button", {type: "button", class: "quiet", "aria-label": text("page.introduction_close"), onclick: () => this.close()}, "×")));
  }

  close() {
    keep();
    const hadFocus = this.box.contains(document.activeElement);
    this.isOpen = false;
    this.build();
    if (hadFocus) document.querySelector("[data-act=learn]")?.focus();
  }
}
