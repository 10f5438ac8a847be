// Numbers with their units as the rest of the project writes them: 4,381.88万人, 43.82 million.

import {currentLanguage, hasText, text} from "./texts.js";

export const MISSING = "—";
const ONLY_TEN_THOUSANDS = ["persons", "births", "m2"];
const PERCENT = ["share", "0..1"];
const AREA_EACH = "m2 per";
const ROUND = ["persons", "births", "jobs", "homes", "yuan", "m2"];

// A value of `unit`; options: digits after the point, and whether a plus is written.
export function number(value, unit = "", {digits = null, sign = false} = {}) {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  if (PERCENT.includes(unit)) return `${signed(value * 100, digits ?? 2, sign)}%`;
  const [scale, word] = scaleOf(Math.abs(value), unit);
  const places = digits ?? digitsOf(Math.abs(value), scale, unit);
  return withUnit(signed(value / scale, places, sign) + word, unit);
}

// The number alone, to stand beside a column with its unit.
export function bare(value, unit, options = {}) {
  const written = number(value, unit, options);
  const [before, after] = text(`unit.${unit}`, {number: "\u0000"}).split("\u0000");
  if (!hasText(`unit.${unit}`)) return unit && written.endsWith(` ${unit}`) ? written.slice(0, -unit.length - 1) : written;
  const start = before && written.startsWith(before) ? before.length : 0;
  const end = after && written.endsWith(after) ? written.length - after.length : written.length;
  return written.slice(start, end);
}

// The unit alone, as it stands in a column of its own.
export function unitName(unit) {
  if (PERCENT.includes(unit) && !hasText(`unit_column.${unit}`)) return "%";
  if (hasText(`unit_column.${unit}`)) return text(`unit_column.${unit}`);
  if (!hasText(`unit.${unit}`)) return unit;
  const words = text(`unit.${unit}`, {number: ""}).trim();
  return /^[(（].*[)）]$/.test(words) ? words.slice(1, -1) : words;
}

export function isPercent(unit) {
  return PERCENT.includes(unit);
}

// A difference: points of a share are percentage points, all else is in the unit.
export function change(value, unit) {
  if (!Number.isFinite(value)) return MISSING;
  if (PERCENT.includes(unit)) return text("page.points", {number: signed(value * 100, 2, true)});
  return bare(value, unit, {sign: true});
}

// A number for an axis: as short as it can be said.
export function short(value, unit = "") {
  if (!Number.isFinite(value)) return "";
  if (PERCENT.includes(unit)) return `${trimmed(value * 100, 4)}%`;
  const [scale, word] = scaleOf(Math.abs(value), unit);
  return trimmed(value / scale, 4) + word.trim().replace("million", "M").replace("billion", "bn");
}

function trimmed(value, precision) {
  return String(Number(value.toPrecision(precision)));
}

function scaleOf(size, unit) {
  let steps = currentLanguage() === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, " billion"], [1e6, " million"]];
  if (currentLanguage() === "zh" && ONLY_TEN_THOUSANDS.includes(unit.split(" ")[0])) steps = steps.slice(1);
  return steps.find(([step]) => size >= step) ?? [1, ""];
}

function digitsOf(size, scale, unit) {
  if (scale > 1) return 2;
  const isCounted = ROUND.includes(unit.split(" ")[0]) && !unit.startsWith(AREA_EACH);
  if (isCounted || size >= 1000 || size === Math.round(size)) return 0;
  return size >= 0.1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(size)));
}

// Digits as the rest of the project rounds them: a number exactly in the middle goes to the even neighbour.
function fixedDigits(size, digits) {
  const scaled = size * 10 ** digits;
  const isMiddle = Number.isInteger(size * 2 ** (digits + 1)) && scaled % 1 === 0.5;
  return isMiddle && Math.floor(scaled) % 2 === 0 ? (Math.floor(scaled) / 10 ** digits).toFixed(digits) : size.toFixed(digits);
}

function signed(value, digits, sign) {
  const fixed = fixedDigits(Math.abs(value), digits);
  const [whole, part] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (part ? `.${part}` : "");
  if (!/[1-9]/.test(grouped)) return grouped;
  if (value < 0) return `-${grouped}`;
  return sign ? `+${grouped}` : grouped;
}

function withUnit(written, unit) {
  return hasText(`unit.${unit}`) ? text(`unit.${unit}`, {number: written}) : `${written} ${unit}`.trim();
}
