// Charts: a Vega-Lite specification drawn once, then fed with new numbers; expressions are interpreted, never evaluated.

import {short} from "./numbers.js";
import {nameSize} from "./tiles.js";

const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const LIGHT_INK = {ink: "#1b1f24", text: "#333333", soft: "#999999", grid: "#e6e8eb", frame: "#d0d4d9", now: "#c3c8ce", none: "#ffffff", edge: "#444444", chosen: "#c00060",
  series: {baseline: "#666666", A: "#0072B2", B: "#D55E00", C: "#009E73", D: "#CC79A7"}};
const DARK_INK = {ink: "#e8eaed", text: "#d0d5da", soft: "#78828d", grid: "#343b44", frame: "#454d57", now: "#5a636d", none: "#1d2228", edge: "#b3bac2", chosen: "#ff7ab8",
  series: {baseline: "#b3bac2", A: "#56B4E9", B: "#FF9A52", C: "#2CC295", D: "#E39BC2"}};
// The colours of the scheme that the system is set to; `onScheme` is called when it changes.
const inks = () => (DARK.matches ? DARK_INK : LIGHT_INK);
export const onScheme = (callback) => DARK.addEventListener("change", callback);
const FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif";
const config = ({frame, grid, text, soft}) => ({
  customFormatTypes: true,
  font: FONT,
  background: null,
  view: {stroke: frame},
  axis: {gridColor: grid, labelColor: text, titleColor: text, labelFontSize: 11, domainColor: soft, tickColor: soft},
  legend: {labelColor: text, titleColor: text, labelFontSize: 11},
});

// Draws a specification into an element; returns {set(signals, data), width(pixels), view}.
export async function drawing(parent, spec, {onHover = null, onClick = null} = {}) {
  const tooltip = onHover ? (_handler, _event, _item, value) => onHover(value) : () => {};
  const {view} = await window.vegaEmbed(parent, spec, {
    mode: "vega-lite", renderer: "canvas", actions: false, ast: true, logLevel: 1, tooltip, defaultStyle: false, config: config(inks()),
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
  const {series, now, text} = inks();
  const colour = {field: "series", type: "nominal", legend: null, scale: {domain: Object.keys(series), range: Object.values(series)}};
  const dash = {field: "series", type: "nominal", legend: null,
    scale: {domain: Object.keys(series), range: [[5, 4], [1, 0], [8, 3], [2, 2], [8, 3, 2, 3]]}};
  const x = {field: "year", type: "quantitative", axis: {format: "d", title: null, values: {expr: "[first, first + 5, first + 10, last]"}, grid: false},
    scale: {nice: false, domainMin: {expr: "first"}, domainMax: {expr: "last + room"}}};
  const y = {field: "value", type: "quantitative", scale: {zero: false, nice: false, domainMin: {expr: "low"}, domainMax: {expr: "high"}},
    axis: {title: null, tickCount: 4, formatType: "shortNumber", format: unit, minExtent: 46, maxExtent: 46}};
  return {
    width, height: 150, padding: 5, autosize: {type: "fit", contains: "padding"},
    params: [{name: "low", value: 0}, {name: "high", value: 1}, {name: "first", value: 2020}, {name: "last", value: 2035}, {name: "room", value: 3}, {name: "now", value: 2035}],
    layer: [
      {data: {name: "now"}, mark: {type: "rule", color: now}, encoding: {x: {field: "year", type: "quantitative"}}},
      {data: {name: "band"}, mark: {type: "area", opacity: 0.18, clip: true}, encoding: {x, y: {...y, field: "low"}, y2: {field: "high"}, color: colour}},
      {data: {name: "target"}, mark: {type: "rule", color: text, strokeDash: [1, 3], strokeWidth: 1.5, clip: true}, encoding: {y: {field: "value", type: "quantitative"}}},
      {data: {name: "lines"}, mark: {type: "line", strokeWidth: 2, clip: true}, encoding: {x, y, color: colour, strokeDash: dash}},
      {data: {name: "published"}, mark: {type: "point", filled: true, size: 22, color: text, opacity: 1, clip: true}, encoding: {x, y}},
      {data: {name: "ends"}, mark: {type: "text", align: "left", dx: 5, fontSize: 11, fontWeight: "bold", clip: false},
        encoding: {x, y: {...y, field: "at"}, text: {field: "label"}, color: colour}},
    ],
    datasets: {now: [], band: [], target: [], lines: [], published: [], ends: []},
  };
}

// Places before and after: what lies on the line stays as it is.
export function scatterSpec(unit, width) {
  const {series, soft, chosen} = inks();
  const axis = (field) => ({field, type: "quantitative", scale: {zero: false, nice: false, domainMin: {expr: "low"}, domainMax: {expr: "high"}},
    axis: {title: null, tickCount: 4, formatType: "shortNumber", format: unit}});
  const where = {x: axis("before"), y: axis("after")};
  const tooltip = {field: "words"};
  return {
    width, height: Math.min(320, width), padding: 5, autosize: {type: "fit", contains: "padding"}, params: [{name: "low", value: 0}, {name: "high", value: 1}],
    layer: [
      {data: {name: "line"}, mark: {type: "line", color: soft, strokeDash: [3, 3]}, encoding: where},
      {data: {name: "points"}, mark: {type: "point", filled: true, size: 46, opacity: 0.85, cursor: "pointer"}, encoding: {...where, tooltip,
        color: {field: "series", type: "nominal", legend: null, scale: {domain: Object.keys(series), range: Object.values(series)}},
        shape: {field: "series", type: "nominal", legend: null, scale: {domain: ["A", "B", "C", "D"], range: ["circle", "square", "diamond", "triangle-up"]}}}},
      {data: {name: "chosen"}, mark: {type: "point", filled: false, stroke: chosen, strokeWidth: 2, size: 130}, encoding: where},
    ],
    datasets: {line: [], points: [], chosen: []},
  };
}

// `kind` is level, change or met; change has its middle at nothing. Places beyond the scale bear a sign, and its ends say so.
// Shapes of places are as large as they are where a unit of the plane takes `scale` pixels; a rest of a prefecture bears a square.
export function mapSpec(kind, unit, {box, scale, hasBorders}, title) {
  const {ink, none, edge, chosen} = inks();
  const [width, height] = [box.x, box.y].map(([low, high]) => Math.round((high - low) * scale));
  const whole = 4 * scale * scale;
  const small = nameSize(scale);
  const scheme = {level: {scheme: "cividis"}, change: {scheme: "purpleorange", reverse: true}, met: {scheme: "cividis", reverse: true}}[kind];
  const domain = {domainMin: {expr: "low"}, domainMax: {expr: "high"}, nice: false, zero: false, clamp: true};
  const written = kind === "met" ? "format(datum.value, 'd')" : `shortNumber(datum.value, '${unit.replaceAll("'", "\\'")}')`;
  const labels = {
    values: {expr: "[low, (low + high) / 2, high]"}, labelSeparation: 4,
    labelExpr: `(above && datum.value >= high ? '≥ ' : below && datum.value <= low ? '≤ ' : '') + ${written}`,
  };
  const position = (field, low, high) => ({field, type: "quantitative", axis: null, scale: {zero: false, nice: false, domain: [low, high]}});
  const where = {x: position("x", ...box.x), y: position("y", ...box.y)};
  const shape = {field: "shape", type: "nominal", scale: null, legend: null};
  const name = {...where, text: {field: "name"}};
  const tooltip = {field: "id"};
  const dark = kind === "change" ? "true" : "datum.beyond === '−'";
  return {
    width, height, padding: 5, autosize: {type: "pad"},
    params: [{name: "low", value: 0}, {name: "high", value: 1}, {name: "above", value: false}, {name: "below", value: false}],
    layer: [
      {data: {name: "places"}, mark: {type: "point", filled: true, opacity: 1, stroke: edge, strokeWidth: hasBorders ? 0.4 : 0.8, cursor: "pointer", invalid: null},
        encoding: {...where, shape, size: {condition: {test: "datum.open", value: whole / 4}, value: whole * 0.97},
          color: {condition: {test: "!isValid(datum.value)", value: none}, field: "value", type: "quantitative",
            scale: {...scheme, ...domain}, legend: {title, orient: "bottom", direction: "horizontal", gradientLength: Math.min(260, width - 60), titleLimit: 0, ...labels}},
          tooltip}},
      {data: {name: "borders"}, mark: {type: "rule", color: ink, strokeWidth: 1.8, strokeCap: "round"}, encoding: {...where, x2: {field: "x2"}, y2: {field: "y2"}}},
      {data: {name: "rests"}, mark: {type: "point", shape: "square", filled: true, fill: none, stroke: ink, strokeWidth: 1, size: 26, opacity: 1, cursor: "pointer"}, encoding: {...where, tooltip}},
      {data: {name: "beyond"}, mark: {type: "text", baseline: "middle", dy: -9, fontSize: 13, fontWeight: "bold", cursor: "pointer"},
        encoding: {...where, text: {field: "beyond"}, color: {condition: {test: dark, value: "#ffffff"}, value: "#111111"}, tooltip}},
      {data: {name: "hand"}, mark: {type: "point", filled: false, stroke: ink, strokeWidth: 2.5, size: whole * 0.9}, encoding: {...where, shape}},
      {data: {name: "chosen"}, mark: {type: "point", filled: false, stroke: chosen, strokeWidth: 3, size: whole * 0.9}, encoding: {...where, shape}},
      ...[{stroke: none, strokeWidth: 3, strokeJoin: "round", color: none}, {color: ink}].map((look) => ({data: {name: "prefectures"}, mark: {type: "text", fontSize: small, fontWeight: "bold", dy: small - 1, ...look}, encoding: name})),
      ...[{stroke: none, strokeWidth: 3, strokeJoin: "round", color: none}, {color: chosen}].map((look) => ({data: {name: "chosen"}, mark: {type: "text", dy: -10, fontWeight: "bold", fontSize: 12, ...look}, encoding: name})),
      // On top of all names, unseen: what the pointer meets, there while it is over the map.
      {data: {name: "reach"}, mark: {type: "point", filled: true, color: ink, opacity: 1, fillOpacity: 0.001, cursor: "pointer", size: whole}, encoding: {...where, shape, tooltip}},
    ],
    datasets: {places: [], borders: [], rests: [], beyond: [], hand: [], chosen: [], prefectures: [], reach: []},
  };
}
