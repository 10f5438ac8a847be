// What can be taken away: pictures of charts and map, the plan as a command and as Python, a line to cite, a printed page.

import {byId, element, replace} from "./dom.js";
import {csv, everywhere, save} from "./downloads.js";
import {settingWords} from "./link.js";
import {text} from "./texts.js";

const SHARP = 2;

// The buttons that save a drawing, by its name.
export function pictureButtons(drawing, name) {
  const button = (kind, make) => element("button", {type: "button", class: "quiet", "aria-label": text("page.save_as", {name, kind}),
    onclick: () => drawing()?.view && make(drawing().view)}, kind);
  return [
    button("PNG", async (view) => save(`${name}.png`, await blobOf(await view.toCanvas(SHARP)))),
    button("SVG", async (view) => save(`${name}.svg`, new Blob([await view.toSVG()], {type: "image/svg+xml"}))),
  ];
}

function blobOf(canvas) {
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// The plan in hand as the command that runs it, for a shell that knows single quotes.
export function command(scenario) {
  return ["xiancheng run", scenario.base, ...settingWords(scenario).map((words) => `--set '${words}'`)].join(" ");
}

// The same from Python.
export function python(scenario) {
  const settings = settingWords(scenario).map((words) => `"${words}"`).join(", ");
  return `import xiancheng\nresult = xiancheng.run("${scenario.base}"${settings ? `, settings=[${settings}]` : ""})`;
}

export class TakeAway {
  constructor(page) {
    this.page = page;
  }

  build() {
    const {offer, store} = this.page;
    const scenario = () => store.state.scenarios[store.state.tab];
    const copy = (key, words) => element("button", {type: "button", class: "quiet", onclick: () => this._copy(words())}, text(key));
    replace(byId("away"),
      element("button", {type: "button", class: "quiet", onclick: () => save(`xiancheng_${store.state.tab}_places.csv`, csv(everywhere(this.page)))}, text("page.all_places")),
      copy("page.as_command", () => command(scenario())), copy("page.as_python", () => python(scenario())),
      copy("page.cite", () => text("page.citation", {version: offer.version, model: offer.model, link: location.href})),
      element("button", {type: "button", class: "quiet", onclick: () => window.print()}, text("page.print")));
  }

  async _copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      this.page.notices.say(() => `${text("page.copied")}: ${words}`);
    } catch {
      this.page.notices.put("link", () => [words]);
    }
  }
}
