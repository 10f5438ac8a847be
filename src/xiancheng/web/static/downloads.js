// What is on the screen as a file: a CSV that a spreadsheet opens in any language, and the link.

import {text} from "./texts.js";

const BOM = "\uFEFF";

export function csv(rows) {
  return BOM + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value) {
  const word = value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
  // A word that a spreadsheet would take for a formula is marked as text; numbers stay numbers.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(word) ? `'${word}` : word;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Rows of everything the charts and the table show: scenario, place, year, indicator, value, unit.
export function onScreen(page) {
  const {offer, store} = page;
  const area = page.areaAt();
  const shown = new Set([...page.results.rows().map((row) => row.indicator.id), ...store.state.charts]);
  const rows = [["scenario", "place", "place_name", "year", "indicator", "title", "value", "unit"]];
  for (const {name, figures} of page.series()) {
    for (const indicator of offer.indicators.filter((one) => shown.has(one.id))) {
      offer.years.forEach((year, at) => {
        const value = figures.value(indicator.id, at, area);
        if (Number.isFinite(value)) rows.push([page.nameOf(name), offer.areas[area].id, page.areaName(area), year, indicator.id, indicator.title[store.state.lang], value, indicator.unit]);
      });
    }
  }
  return [...rows, ...source(page)];
}

// Where a file comes from.
function source({offer, store}) {
  return [[], [text("page.name"), offer.version], [text("page.link"), location.href], [offer.list_label[store.state.lang]], [text("result.nature")]];
}

// Rows of the same figures and the map's at every area: with the change, its band where one is at hand, and what each year rests on.
export function everywhere(page) {
  const {offer, store} = page;
  const shown = new Set([...page.results.rows().map((row) => row.indicator.id), ...store.state.charts, store.state.map]);
  const indicators = offer.indicators.filter((one) => shown.has(one.id));
  const rows = [["scenario", "area", "area_name", "level", "year", "indicator", "title", "value", "change", "change_low", "change_high", "unit", "evidence"]];
  for (const {name, figures} of page.series()) {
    for (const one of indicators) {
      offer.areas.forEach((area, place) => offer.years.forEach((year, at) => {
        const value = figures.value(one.id, at, place);
        if (!Number.isFinite(value)) return;
        const [low, high] = page.bands.change(name, one.id, at, place) ?? [null, null];
        rows.push([page.nameOf(name), area.id, area.name[store.state.lang], area.level, year, one.id, one.title[store.state.lang], value,
          value - page.reference().value(one.id, at, place), low, high, one.unit, at === 0 ? one.evidence : one.evidence_later]);
      }));
    }
  }
  return [...rows, ...source(page)];
}

export function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type: "text/csv;charset=utf-8"}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
