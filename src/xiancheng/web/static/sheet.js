// On a narrow screen the levers lie in a sheet at the bottom, under the results, which stay in sight above it.

import {byId} from "./dom.js";

const NARROW = window.matchMedia("(max-width: 760px)");

export class Sheet {
  constructor() {
    this.button = byId("sheet");
    this.button.addEventListener("click", () => this.open(document.body.dataset.sheet !== "open"));
    this.open(true);
  }

  open(whether) {
    document.body.dataset.sheet = whether ? "open" : "closed";
    this.button.setAttribute("aria-expanded", String(whether));
  }

  // Brings the chart of the lever in hand between the headline and the sheet.
  reveal(figure) {
    if (!NARROW.matches || document.body.dataset.sheet !== "open" || !figure) return;
    const top = figure.getBoundingClientRect().top - byId("bar").getBoundingClientRect().height - 4;
    if (Math.abs(top) > 4) window.scrollBy({top, behavior: "instant"});
  }
}
