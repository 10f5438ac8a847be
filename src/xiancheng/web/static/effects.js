// What a change did: the figure that its levers are for, the largest side effect, and what it costs.

import {bare, change, number} from "./numbers.js";
import {inLanguage, text} from "./texts.js";

const MOST_OWN = 6;
const SAME = 1e-6;

// How many times its least change a difference from a level is: below 1 nobody would act on it.
export function weight(difference, level, indicator) {
  const [amount, part] = indicator.least;
  const least = Math.max(amount, part * Math.abs(level));
  return least > 0 ? Math.abs(difference) / least : 0;
}

// Whether a difference from a level is for better or worse, or too small for anyone to act on: {sign, words}.
export function judged(difference, level, indicator) {
  if (!Number.isFinite(difference)) return {sign: "", words: ""};
  if (weight(difference, level, indicator) < 1 || !/[1-9]/.test(change(difference, indicator.unit))) return {sign: "●", words: text("page.same")};
  if (indicator.direction === "neither") return {sign: difference > 0 ? "↑" : "↓", words: text(difference > 0 ? "page.more" : "page.less")};
  const better = (difference > 0) === (indicator.direction === "higher");
  return {sign: better ? "▲" : "▼", words: text(better ? "page.better" : "page.worse")};
}

// The figures that the levers of a scenario are for, each once: those moved last first.
export function ownIndicators(scenario, moved, offer) {
  const base = offer.scenarios.find((one) => one.id === scenario.base)?.levers ?? {};
  const levers = [...moved, ...Object.keys(scenario.levers).reverse(), ...Object.keys(base)];
  const own = levers.map((id) => offer.levers.find((one) => one.id === id)?.own_indicator);
  return [...new Set(own)].filter((id) => offer.indicators.some((one) => one.id === id)).slice(0, MOST_OWN);
}

// The headline figure that moves most, in units of its least change, those named aside; null where none moves by as much.
export function largest(offer, without, before, now, at, area) {
  const sized = offer.indicators.filter((one) => one.headline && !without.includes(one.id)).map((indicator) => {
    const level = before.value(indicator.id, at, area);
    const difference = now.value(indicator.id, at, area) - level;
    return {indicator, level, difference, weight: weight(difference, level, indicator)};
  }).filter((one) => one.weight >= 1);
  return sized.reduce((most, one) => (most && most.weight >= one.weight ? most : one), null);
}

// A change in words: "Urban share +0.60 points (better)".
export function inWords({indicator, level, difference}) {
  const {words} = judged(difference, level, indicator);
  const amount = difference === 0 || words === text("page.same") ? "" : withUnit(difference, indicator.unit);
  return text(amount ? "page.did" : "page.did_nothing", {title: inLanguage(indicator.title), change: amount, words});
}

// A difference with its unit, for a sentence of its own.
export function withUnit(difference, unit) {
  const points = change(difference, unit);
  return points === bare(difference, unit, {sign: true}) ? number(difference, unit, {sign: true}) : points;
}

// What a scenario costs the public beside another from the first year that levers act in to the last.
export function extra(id, offer, before, now, area) {
  return offer.years.reduce((sum, year, at) => (year < offer.first_year ? sum : sum + now.value(id, at, area) - before.value(id, at, area)), 0);
}

// What came of a change, as sentences: what it is for, the largest side effect, the cost; `moment` is what was in sight:
// {now: figures, area, at: position of the year, aim: id, own: ids}.
export function told(offer, before, {now, area, at, aim, own}) {
  const indicator = offer.indicators.find((one) => one.id === aim);
  const level = before.value(aim, at, area);
  const sentences = [inWords({indicator, level, difference: now.value(aim, at, area) - level})];
  const side = largest(offer, [aim, ...own, ...Object.values(offer.money)], before, now, at, area);
  sentences.push(side ? text("page.side_effect", {effect: inWords(side)}) : text("page.no_side_effect"));
  const cost = extra(offer.money.public, offer, before, now, area);
  if (Number.isFinite(cost)) sentences.push(text("page.costs", {cost: number(cost, "yuan", {sign: true}), first: offer.first_year, last: offer.years[offer.years.length - 1]}));
  return sentences;
}

// Whether two runs show the same: no number differs by more than rounding.
export function same(one, other) {
  if (one === other || one.numbers.length !== other.numbers.length) return false;
  return one.numbers.every((value, at) => Object.is(value, other.numbers[at]) || Math.abs(value - other.numbers[at]) <= SAME * Math.abs(value));
}
