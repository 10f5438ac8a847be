// Begins: the catalogue, the page, and what the browser tells it.

import {byId} from "./dom.js";
import {onScheme} from "./drawing.js";
import {listenToKeys} from "./keys.js";
import {encode} from "./link.js";
import {Page} from "./page.js";
import {useTexts} from "./texts.js";

const CALM_AFTER = 200;

// The heights of what stays at the top, for what scrolls under it.
function measure() {
  for (const [name, part] of [["--under", document.querySelector("header")], ["--bar", byId("bar")], ["--story", byId("story")]]) {
    new ResizeObserver(() => document.documentElement.style.setProperty(name, `${part.offsetHeight}px`)).observe(part);
  }
}

// Charts are as wide as their columns: drawn anew once the window has come to rest at another width.
function followWidth(page) {
  let width = window.innerWidth;
  let later = null;
  window.addEventListener("resize", () => {
    clearTimeout(later);
    if (window.innerWidth !== width) later = setTimeout(() => { width = window.innerWidth; page.rebuild({}); }, CALM_AFTER);
  });
}

async function catalogue() {
  const answer = await fetch("/files/catalogue.json");
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function start() {
  const offer = window.xiancheng?.offer ?? await catalogue();
  document.body.toggleAttribute("data-stored", Boolean(offer.stored));
  useTexts(offer);
  const page = new Page(offer);
  byId("map-table").addEventListener("toggle", () => page.parts.map.table());
  onScheme(() => page.rebuild({}));
  window.addEventListener("popstate", () => page.goTo(location.hash));
  listenToKeys(page);
  measure();
  followWidth(page);
  history.replaceState(null, "", `#${encode(page.store.state)}`);
  page.ask({dragging: false});
  await page.build();
  page.bands.load();
  await page.stories.begin();
}

start();
