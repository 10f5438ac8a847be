// The address bar is the scenario: state to words and back. An unknown word is a warning, never a blank page.

export const TABS = ["A", "B", "C", "D"];
export const VIEWS = ["explore", "compare"];
export const SHOWS = ["level", "change", "met"];
export const CHARTS = 6;
const USUAL_CHARTS = ["residents", "urban_share", "net_migration_rate", "income_per_resident", "debt_to_revenue", "share_65"];
const USUAL_MAP = "urban_share";

export const BESIDE = 3;
export const LONGEST = 40;
const NAMED = TABS.map((tab) => `name${tab}`);

export function emptyScenario() {
  return {base: "baseline", levers: {}, assumptions: {}};
}

// What two scenarios share when they are told the same.
export function keyOf(scenario) {
  return JSON.stringify([scenario.base, Object.entries(scenario.levers).sort(), Object.entries(scenario.assumptions).sort()]);
}

// Everything as it is when the link says nothing.
export function usualState(offer, language) {
  const known = offer.indicators.map((one) => one.id);
  const charts = [...USUAL_CHARTS, ...offer.indicators.filter((one) => one.headline).map((one) => one.id), ...known];
  return {
    model: offer.model,
    view: VIEWS[0],
    lang: language,
    year: offer.years[offer.years.length - 1],
    place: "68",
    map: known.includes(USUAL_MAP) ? USUAL_MAP : known[0],
    show: SHOWS[0],
    charts: [...new Set(charts)].filter((id) => known.includes(id)).slice(0, CHARTS),
    bands: false,
    beside: [],
    names: {},
    story: "",
    tab: TABS[0],
    scenarios: {A: emptyScenario()},
  };
}

export function encode(state) {
  const parts = [
    ["model", state.model], ["view", state.view], ["lang", state.lang], ["year", state.year], ["place", state.place],
    ["map", state.map], ["show", state.show], ["charts", state.charts.join(",")], ["tab", state.tab],
  ];
  if (state.bands) parts.push(["bands", 1]);
  if (state.story) parts.push(["story", state.story]);
  if (state.beside.length) parts.push(["beside", state.beside.join(",")]);
  for (const tab of TABS) if (state.names[tab]) parts.push([`name${tab}`, state.names[tab]]);
  for (const tab of TABS) if (state.scenarios[tab]) parts.push([tab, scenarioWords(state.scenarios[tab])]);
  return parts.map(([key, value]) => `${key}=${escaped(String(value))}`).join("&");
}

function escaped(word) {
  return encodeURIComponent(word).replace(/%(2C|3B|3D|40|3A|2B)/g, decodeURIComponent);
}

function scenarioWords(scenario) {
  return [scenario.base, ...leverWords(scenario, (places) => [[places].flat().join("+")]), ...assumptionWords(scenario)].join(";");
}

// Each setting as `--set` takes it, one for each place that is named.
export function settingWords(scenario) {
  return [...leverWords(scenario, (places) => [places].flat()), ...assumptionWords(scenario)];
}

function leverWords(scenario, apart) {
  return Object.entries(scenario.levers).flatMap(([id, one]) =>
    apart(one.places).map((place) => `${id}=${one.value}@${one.year}${place === "all" ? "" : `:${place}`}`));
}

function assumptionWords(scenario) {
  return Object.entries(scenario.assumptions).map(([id, one]) =>
    typeof one.value === "string" ? `${id}=${one.value}` : `${id}=${one.value}@${one.year}`);
}

// Returns {state, warnings, other, named}: `other` is the model of the link where it is not this one, `named` the keys that it has.
export function decode(fragment, offer, language) {
  const state = usualState(offer, language);
  const warnings = [];
  let other = null;
  const given = new Map();
  for (const part of fragment.replace(/^#/, "").split("&").filter(Boolean)) {
    const at = part.indexOf("=");
    try {
      given.set(decodeURIComponent(part.slice(0, at < 0 ? part.length : at)), at < 0 ? "" : decodeURIComponent(part.slice(at + 1)));
    } catch {
      warnings.push({key: "page.warn_unreadable", values: {word: cut(part)}});
    }
  }
  const choices = {
    view: VIEWS, show: SHOWS, lang: ["zh", "en"], place: offer.areas.map((one) => one.id), map: offer.indicators.map((one) => one.id),
    year: offer.years.map(String), tab: TABS, bands: ["1"], story: offer.stories.flatMap(({id, steps}) => steps.map((_, at) => `${id}.${at + 1}`)),
  };
  const read = {year: Number, bands: () => offer.bands > 0};
  if (TABS.some((tab) => given.has(tab))) state.scenarios = {};
  for (const [key, value] of given) {
    if (key === "model") {
      if (value !== offer.model) other = cut(value);
    } else if (key === "charts") {
      state.charts = chartsOf(value, state.charts, choices.map, offer, warnings);
    } else if (key === "beside") {
      state.beside = besideOf(value, choices.place, warnings);
    } else if (NAMED.includes(key)) {
      if (value) state.names[key.slice(NAMED[0].length - 1)] = value.slice(0, LONGEST);
    } else if (TABS.includes(key)) {
      state.scenarios[key] = scenarioOf(value, offer, warnings);
    } else if (Object.hasOwn(choices, key)) {
      if (choices[key].includes(value)) state[key] = (read[key] ?? String)(value);
      else if (key === "map" && former(value, offer)) warnings.push(former(value, offer));
      else warnings.push({key: "page.warn_choice", values: {name: key, word: cut(value)}});
    } else {
      warnings.push({key: "page.warn_unknown", values: {word: cut(key)}});
    }
  }
  if (!state.scenarios[state.tab]) state.tab = TABS.find((tab) => state.scenarios[tab]);
  return {state, warnings, other, named: new Set(given.keys())};
}

function besideOf(value, known, warnings) {
  const asked = [...new Set(value.split(",").filter(Boolean))];
  for (const id of asked) if (!known.includes(id)) warnings.push({key: "page.warn_choice", values: {name: "beside", word: cut(id)}});
  return asked.filter((id) => known.includes(id)).slice(0, BESIDE);
}

// Returns what to say of an indicator that gave way to another.
function former(id, offer) {
  if (!Object.hasOwn(offer.former_indicators, id)) return null;
  return {key: "page.warn_former", values: {word: cut(id), now: offer.former_indicators[id]}};
}

function chartsOf(value, usual, known, offer, warnings) {
  const asked = [...new Set(value.split(",").filter(Boolean))];
  const strange = asked.filter((id) => !known.includes(id));
  for (const id of strange) warnings.push(former(id, offer) ?? {key: "page.warn_indicator", values: {word: cut(id)}});
  const found = asked.filter((id) => known.includes(id));
  return [...new Set([...found, ...usual, ...known])].slice(0, CHARTS);
}

// A scenario in the words of an address: what it starts from, then its settings.
export function scenarioOf(value, offer, warnings) {
  const scenario = emptyScenario();
  const [base, ...items] = value.split(";");
  if (offer.scenarios.some((one) => one.id === base)) scenario.base = base;
  else if (base) warnings.push({key: "page.warn_scenario", values: {word: cut(base)}});
  const settings = items.filter(Boolean);
  for (const item of settings) readItem(item, scenario, offer, warnings);
  if (!offer.stored || storedRun(scenario, offer)) return scenario;
  warnings.push({key: offer.stories.length ? "page.warn_stored" : "page.warn_stored_alone", values: {word: cut(settings.join(";"))}});
  return {...emptyScenario(), base: scenario.base};
}

const STORED = new WeakMap();

// The name of the run of a scenario in a folder of files: of one that ships its own, of a plan of a story what the folder calls it.
export function storedRun(scenario, offer) {
  if (!Object.keys({...scenario.levers, ...scenario.assumptions}).length) return scenario.base;
  if (!STORED.has(offer)) {
    const read = ([words, run]) => [keyOf(scenarioOf(words, {...offer, stored: null}, [])), run];
    STORED.set(offer, new Map(Object.entries(offer.stored).map(read)));
  }
  return STORED.get(offer).get(keyOf(scenario)) ?? null;
}

const ITEM = /^([^=@:]+)=([^=@:]+)(?:@([^=@:]*))?(?::(.*))?$/;

function readItem(item, scenario, offer, warnings) {
  const match = ITEM.exec(item);
  if (!match) return warnings.push({key: "page.warn_unreadable", values: {word: cut(item)}});
  const [, id, word, when, where] = match;
  const lever = offer.levers.find((one) => one.id === id);
  const assumption = offer.assumptions.find((one) => one.id === id);
  if (!lever && !assumption) return warnings.push(former(id, offer) ?? {key: "page.warn_lever", values: {word: cut(id)}});
  const named = lever ?? assumption;
  if (assumption && assumption.kind === "column") {
    if (!assumption.columns.includes(word)) return warnings.push({key: "page.warn_choice", values: {name: id, word: cut(word)}});
    scenario.assumptions[id] = {value: word};
    return null;
  }
  const amount = Number(word);
  if (word.trim() === "" || !Number.isFinite(amount) || amount < named.low || amount > named.high) {
    return warnings.push({key: "page.warn_range", values: {name: id, word: cut(word), low: named.low, high: named.high}});
  }
  const year = when === undefined ? offer.first_year : Number(when);
  if (!Number.isInteger(year) || year < offer.first_year || year > 2050) {
    return warnings.push({key: "page.warn_year", values: {name: id, word: cut(when ?? "")}});
  }
  if (assumption) scenario.assumptions[id] = {value: amount, year};
  else scenario.levers[id] = {value: amount, year, places: placesOf(where, lever, offer, warnings)};
  return null;
}

function placesOf(where, lever, offer, warnings) {
  if (where === undefined || where === "all" || where === "") return "all";
  if (lever.scope === "province") {
    warnings.push({key: "page.warn_places", values: {name: lever.id, word: cut(where)}});
    return "all";
  }
  if (offer.place_groups.includes(where)) return where;
  const codes = offer.areas.filter((one) => one.level === "place").map((one) => one.id);
  const asked = [...new Set(where.split("+"))];
  for (const word of asked) if (!codes.includes(word)) warnings.push({key: "page.warn_places", values: {name: lever.id, word: cut(word)}});
  const found = asked.filter((word) => codes.includes(word));
  return found.length ? found : "all";
}

function cut(word) {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}
