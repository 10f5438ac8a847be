// Charts: a Vega-Lite specification drawn once, then fed with new numbers; expressions are interpreted, never evaluated.

import {short} from "./numbers.js";

export const COLOURS = {baseline: "#666666", A: "#0072B2", B: "#D55E00", C: "#009E73", D: "#CC79A7"};
const FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif";
const CONFIG = {
  customFormatTypes: true,
  font: FONT,
  background: null,
  view: {stroke: "#d0d4d9"},
  axis: {gridColor: "#e6e8eb", labelColor: "#333", titleColor: "#333", labelFontSize: 11, domainColor: "#999"},
  legend: {labelColor: "#333", titleColor: "#333", labelFontSize: 11},
};

// Draws a specification into an element; returns {set(signals, data), width(pixels), view}.
export async function drawing(parent, spec, {onHover = null, onClick = null} = {}) {
  const tooltip = onHover ? (_handler, _event, _item, value) => onHover(value) : () => {};
  const {view} = await window.vegaEmbed(parent, spec, {
    mode: "vega-lite", renderer: "canvas", actions: false, ast: true, logLevel: 1, tooltip, defaultStyle: false, config: CONFIG,
    expressionFunctions: {shortNumber: short},
  });
  if (onClick) view.addEventListener("click", (_event, item) => item?.datum && onClick(item.datum));
  const shown = new Map();
  return {
    view,
    // Rows are handed over where they differ from those shown: all that hangs on them is worked out anew.
    async set(signals, data) {
      for (const [name, value] of Object.entries(signals)) if (view.signal(name) !== value) view.signal(name, value);
      for (const [name, rows] of Object.entries(data)) {
        if (alike(shown.get(name), rows)) continue;
        shown.set(name, rows.map((row) => ({...row})));
        view.data(name, rows);
      }
      await view.runAsync();
    },
    forget() {
      view.finalize();
    },
  };
}

function alike(some, others) {
  return some !== undefined && some.length === others.length
    && some.every((row, at) => Object.keys(row).every((key) => Object.is(row[key], others[at][key])));
}

// Room for the numbers with a little air, and never nothing.
export function span(values) {
  const there = values.filter(Number.isFinite);
  if (!there.length) return [0, 1];
  const low = Math.min(...there);
  const high = Math.max(...there);
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  return [low >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

export function lineSpec(unit, width) {
  const colour = {field: "series", type: "nominal", legend: null, scale: {domain: Object.keys(COLOURS), range: Object.values(COLOURS)}};
  const dash = {field: "series", type: "nominal", legend: null,
    scale: {domain: Object.keys(COLOURS), range: [[5, 4], [1, 0], [8, 3], [2, 2], [8, 3, 2, 3]]}};
  const x = {field: "year", type: "quantitative", axis: {format: "d", title: null, values: {expr: "[first, first + 5, first + 10, last]"}, grid: false},
    scale: {nice: false, domainMin: {expr: "first"}, domainMax: {expr: "last + room"}}};
  const y = {field: "value", type: "quantitative", scale: {zero: false, nice: false, domainMin: {expr: "low"}, domainMax: {expr: "high"}},
    axis: {title: null, tickCount: 4, formatType: "shortNumber", format: unit, minExtent: 46, maxExtent: 46}};
  return {
    width, height: 150, padding: 5, autosize: {type: "fit", contains: "padding"},
    params: [{name: "low", value: 0}, {name: "high", value: 1}, {name: "first", value: 2020}, {name: "last", value: 2035}, {name: "room", value: 3}, {name: "now", value: 2035}],
    layer: [
      {data: {name: "now"}, mark: {type: "rule", color: "#c3c8ce"}, encoding: {x: {field: "year", type: "quantitative"}}},
      {data: {name: "band"}, mark: {type: "area", opacity: 0.18, clip: true}, encoding: {x, y: {...y, field: "low"}, y2: {field: "high"}, color: colour}},
      {data: {name: "target"}, mark: {type: "rule", color: "#333", strokeDash: [1, 3], strokeWidth: 1.5, clip: true}, encoding: {y: {field: "value", type: "quantitative"}}},
      {data: {name: "lines"}, mark: {type: "line", strokeWidth: 2, clip: true}, encoding: {x, y, color: colour, strokeDash: dash}},
      {data: {name: "ends"}, mark: {type: "text", align: "left", dx: 5, fontSize: 11, fontWeight: "bold", clip: false},
        encoding: {x, y: {...y, field: "at"}, text: {field: "label"}, color: colour}},
    ],
    datasets: {now: [], band: [], target: [], lines: [], ends: []},
  };
}

// `kind` is level, change or met; change has its middle at nothing. Places beyond the scale bear a sign, and its ends say so.
export function mapSpec(kind, unit, width, height, title) {
  const scheme = {level: {scheme: "cividis"}, change: {scheme: "purpleorange", reverse: true}, met: {scheme: "cividis", reverse: true}}[kind];
  const domain = {domainMin: {expr: "low"}, domainMax: {expr: "high"}, nice: false, zero: false, clamp: true};
  const written = kind === "met" ? "format(datum.value, 'd')" : `shortNumber(datum.value, '${unit.replaceAll("'", "\\'")}')`;
  const labels = {
    values: {expr: "[low, (low + high) / 2, high]"}, labelSeparation: 4,
    labelExpr: `(above && datum.value >= high ? '≥ ' : below && datum.value <= low ? '≤ ' : '') + ${written}`,
  };
  const position = (field, low, high) => ({field, type: "quantitative", axis: null, scale: {zero: false, nice: false, domain: [low, high]}});
  const where = {x: position("lon", ...width.domain), y: position("lat", ...height.domain)};
  const tooltip = {field: "id"};
  const dark = kind === "change" ? "true" : "datum.beyond === '−'";
  return {
    width: width.pixels, height: height.pixels, padding: 5, autosize: {type: "pad"},
    params: [{name: "low", value: 0}, {name: "high", value: 1}, {name: "above", value: false}, {name: "below", value: false}],
    layer: [
      {data: {name: "places"}, mark: {type: "point", filled: true, opacity: 1, stroke: "#444", strokeWidth: 0.6, cursor: "pointer", invalid: null},
        encoding: {...where,
          shape: {field: "kind", type: "nominal", legend: null, scale: {domain: ["listed", "rest"], range: ["circle", "square"]}},
          size: {condition: {test: "datum.kind === 'rest'", value: width.dot * 1.4}, value: width.dot},
          color: {condition: {test: "!isValid(datum.value)", value: "#ffffff"}, field: "value", type: "quantitative",
            scale: {...scheme, ...domain}, legend: {title, orient: "bottom", direction: "horizontal", gradientLength: Math.min(260, width.pixels - 60), titleLimit: 0, ...labels}},
          tooltip}},
      {data: {name: "beyond"}, mark: {type: "text", baseline: "middle", fontSize: 13, fontWeight: "bold", cursor: "pointer"},
        encoding: {...where, text: {field: "beyond"}, color: {condition: {test: dark, value: "#ffffff"}, value: "#111111"}, tooltip}},
      {data: {name: "chosen"}, mark: {type: "point", filled: false, stroke: "#c00060", strokeWidth: 2.5, size: width.dot * 3}, encoding: where},
      {data: {name: "chosen"}, mark: {type: "text", dy: -16, fontWeight: "bold", fontSize: 12, color: "#111", stroke: "#fff", strokeWidth: 0.3}, encoding: {...where, text: {field: "name"}}},
    ],
    datasets: {places: [], beyond: [], chosen: []},
  };
}
