// Answers from the files of a folder, where no server runs: each scenario as it ships and each plan of a story, in a script of its own.

import {element} from "./dom.js";
import {storedRun} from "./link.js";
import {number} from "./numbers.js";
import {Server, unpack} from "./server.js";
import {inLanguage, text} from "./texts.js";

export class Stored extends Server {
  async _post(_path, scenario) {
    const {offer, runs} = window.xiancheng;
    const run = storedRun(scenario, offer);
    if (!runs[run]) await loaded(`runs/${run}.js`);
    const bytes = Uint8Array.from(atob(runs[run]), (sign) => sign.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return unpack(await new Response(plain).arrayBuffer());
  }
}

function loaded(file) {
  return new Promise((done, failed) => {
    document.head.append(element("script", {src: file, onload: done, onerror: () => failed(new Error(file))}));
  });
}

// What a plan of a story sets, in words, under the step that sets it; "" for a scenario as it ships.
export function planWords(scenario, offer) {
  const [id, step] = storedRun(scenario, offer).split(".");
  const story = offer.stories.find((one) => one.id === id);
  if (!step || !story) return "";
  const settings = [
    ...Object.entries(scenario.levers).map(([name, one]) => setting(offer.levers, name, one, placeWords(one.places, offer))),
    ...Object.entries(scenario.assumptions).map(([name, one]) => setting(offer.assumptions, name, one, "")),
  ];
  return text("page.stored_plan", {story: inLanguage(story.title), step, list: settings.join(text("list.separator"))});
}

function setting(known, id, {value, year}, places) {
  const one = known.find((item) => item.id === id);
  const amount = typeof value === "string" ? value : number(value, one.unit);
  const where = [year, places].filter(Boolean).join(text("list.separator"));
  return `${inLanguage(one.title)} ${amount}${where ? ` (${where})` : ""}`;
}

function placeWords(places, offer) {
  if (typeof places === "string") return text(`page.places_${places}`);
  return places.map((id) => inLanguage(offer.areas.find((one) => one.id === id).name)).join(text("list.separator"));
}
