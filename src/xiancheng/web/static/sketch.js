// The stock-and-flow picture of a sector, as it is drawn behind the equations; what lies on the way is marked and leads to its words.

import {element, replace} from "./dom.js";
import {inLanguage, text} from "./texts.js";

const kept = new Map();

// A drawer for each sector on the way; its picture is fetched when it is opened.
export function sketches(variables, titles, goTo) {
  const sectors = [...new Set(variables.map((one) => one.sector).filter(Boolean))];
  return sectors.map((sector) => {
    const name = text("page.sketch", {sector: inLanguage(titles[sector]) || sector});
    const place = element("div", {class: "scroll sketch", tabindex: "0", role: "group", "aria-label": name});
    const drawer = element("details", {class: "drawer"}, element("summary", {}, name), element("p", {class: "fine"}, text("page.sketch_about")), place);
    drawer.addEventListener("toggle", async () => {
      if (!drawer.open || place.childElementCount) return;
      const picture = await pictureOf(sector);
      replace(place, picture ? marked(picture, variables, goTo) : text("page.sketch_none"));
    });
    return drawer;
  });
}

async function pictureOf(sector) {
  if (!kept.has(sector)) kept.set(sector, fetch(`/sketch/${encodeURIComponent(sector)}`).then((answer) => (answer.ok ? answer.text() : "")));
  const words = await kept.get(sector);
  if (!words) return null;
  // Styles within the picture are those of the page: its policy allows none that stand inside.
  return document.importNode(new DOMParser().parseFromString(words.replace(/ style="[^"]*"/g, ""), "image/svg+xml").documentElement, true);
}

function marked(picture, variables, goTo) {
  const byName = new Map(variables.map((one) => [one.name.toLowerCase(), one]));
  for (const words of picture.querySelectorAll("text")) {
    const name = [...words.querySelectorAll("tspan")].map((part) => part.textContent).join(" ").replace(/^<|>$/g, "").toLowerCase();
    const one = byName.get(name);
    if (!one) continue;
    words.setAttribute("class", "on-way");
    words.setAttribute("tabindex", "0");
    words.setAttribute("role", "button");
    words.addEventListener("click", () => goTo(one.id));
    words.addEventListener("keydown", (event) => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); goTo(one.id); } });
  }
  picture.setAttribute("role", "group");
  return picture;
}
