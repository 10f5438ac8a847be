// The paper that a reader draws on: axes and lines as plain shapes, coloured by the style of the page.

const SPACE = "http://www.w3.org/2000/svg";
const EDGE = {left: 58, right: 14, top: 10, bottom: 24};
const ROWS = 4;

function shape(tag, attributes, words = null) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (words !== null) made.textContent = words;
  return made;
}

// Where a year, by its position, and a value stand [pixels], and back.
export function scales({width, height, years, low, high}) {
  const [wide, tall] = [width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom];
  const last = years.length - 1;
  return {width, height, years, low, high,
    x: (at) => EDGE.left + (wide * at) / last,
    y: (value) => EDGE.top + tall * (1 - (value - low) / (high - low)),
    back: (x, y) => ({year: Math.round(((x - EDGE.left) / wide) * last), value: low + (1 - (y - EDGE.top) / tall) * (high - low)}),
  };
}

// A line through the values that are there; a single value is a point.
export function linePath({x, y}, values, kind) {
  const points = values.map((value, at) => [at, value]).filter(([, value]) => Number.isFinite(value));
  if (points.length === 1) return shape("circle", {class: kind, cx: x(points[0][0]), cy: y(points[0][1]), r: 5});
  return shape("polyline", {class: kind, points: points.map(([at, value]) => `${x(at)},${y(value)}`).join(" ")});
}

// The drawing with its axes; `hand` is the position of the year in hand, or null.
export function axes(own, words, hand, lines) {
  const {width, height, years, low, high, x, y} = own;
  const svg = shape("svg", {viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false"});
  for (let row = 0; row <= ROWS; row += 1) {
    const value = low + ((high - low) * row) / ROWS;
    svg.append(shape("line", {class: "paper-grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value)}),
      shape("text", {class: "paper-words", x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end"}, words(value)));
  }
  years.forEach((year, at) => {
    if (at % 5 === 0) svg.append(shape("text", {class: "paper-words", x: x(at), y: height - 6, "text-anchor": at === 0 ? "start" : at === years.length - 1 ? "end" : "middle"}, year));
  });
  if (hand !== null) svg.append(shape("line", {class: "paper-hand", x1: x(hand), x2: x(hand), y1: EDGE.top, y2: height - EDGE.bottom}));
  svg.append(...lines);
  return svg;
}
