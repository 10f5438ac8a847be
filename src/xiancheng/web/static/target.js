// The least setting of a lever that brings its own figure to a value, at the place and by the year in sight.

import {element, replace, write} from "./dom.js";
import {isPercent, number, unitName} from "./numbers.js";
import {Refused} from "./server.js";
import {inLanguage, text} from "./texts.js";

// The row in the drawer of a lever; null for a lever whose own figure the page does not show.
export function targetRow(page, lever) {
  const indicator = page.offer.indicators.find((one) => one.id === lever.own_indicator);
  if (!indicator) return null;
  const scale = isPercent(indicator.unit) ? 100 : 1;
  const id = `target-${lever.id}`;
  const usual = Number(indicator.target);
  const box = element("input", {type: "number", step: "any", id, value: indicator.target && Number.isFinite(usual) ? String(usual * scale) : ""});
  const said = element("p", {class: "fine", role: "status"});
  const ask = element("button", {type: "button", class: "quiet", onclick: () => find(page, lever, indicator, box.value === "" ? NaN : Number(box.value) / scale, said)}, text("page.target_find"));
  return element("div", {class: "target"},
    element("label", {for: id}, text("page.target_value", {title: inLanguage(indicator.title), unit: unitName(indicator.unit)})),
    element("div", {class: "pair"}, box, ask), said);
}

async function find(page, lever, indicator, value, said) {
  const {offer, store} = page;
  if (!Number.isFinite(value)) return write(said, text("page.target_number"));
  const {state} = store;
  const scenario = state.scenarios[state.tab];
  const levers = {...scenario.levers};
  delete levers[lever.id];
  const at = offer.years.indexOf(state.year);
  const level = page.reference().value(indicator.id, at, page.areaAt());
  const goal = {indicator: indicator.id, at_least: value >= level, value, year: state.year, area: state.place, lever: lever.id};
  write(said, text("page.target_running"));
  try {
    const answer = await page.server.target({...scenario, levers}, goal);
    return show(page, lever, indicator, goal, answer, said);
  } catch (error) {
    return write(said, error instanceof Refused ? error.problems.map(inLanguage).join(" · ") : text("page.failed"));
  }
}

function show(page, lever, indicator, goal, answer, said) {
  const goalWords = {title: inLanguage(indicator.title), value: number(goal.value, indicator.unit), year: goal.year,
    place: page.areaName(page.offer.areas.findIndex((one) => one.id === goal.area)), lever: inLanguage(lever.title),
    setting: number(answer.setting, lever.unit), reached: number(answer.reached, indicator.unit)};
  const cost = answer.money === null ? null : text("page.target_costs", {cost: number(answer.money, "yuan", {sign: true}), year: goal.year});
  const key = answer.is_met ? "page.target_met" : !answer.moves ? "page.target_still" : answer.is_late ? "page.target_late" : "page.target_not";
  const set = element("button", {type: "button", class: "quiet", onclick: () => page.parts.levers.set({[lever.id]: answer.setting})}, text("page.target_set"));
  replace(said, [text(key, goalWords), answer.moves ? cost : null].filter(Boolean).join(" · "), " ", answer.moves ? set : null);
}
