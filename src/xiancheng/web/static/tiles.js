// Where places stand on the map: as tiles of one size, or as the areas of the reader's own file; all in units of that plane, north up.

const ROWS = Math.sqrt(3) / 2;
const CORNER = 1 / Math.sqrt(3);
const AIR = 0.15;
// A hexagon with a corner up, as wide as its tile, in the box from -1 to 1 that a mark is drawn in.
const HEXAGON = `M${[90, 150, 210, 270, 330, 30].map((degrees) => [CORNER * Math.cos(turn(degrees)), CORNER * Math.sin(turn(degrees))].map((one) => one.toFixed(4)).join(",")).join("L")}Z`;
// The sides of a tile, by the way to the tile behind each, with the angles of the two corners it lies between.
const SIDES = [[1, 0, -30, 30], [0, 1, 30, 90], [-1, 1, 90, 150], [-1, 0, 150, 210], [0, -1, 210, 270], [1, -1, 270, 330]];

function turn(degrees) {
  return degrees * Math.PI / 180;
}

// Returns {at, shapes, borders, box}: by place where it stands and its shape, lines between prefectures, and what holds it all.
export function tilesOf(places) {
  const at = places.map(({tile: [column, row]}) => [column + row / 2, row * ROWS]);
  return {at, shapes: places.map(() => HEXAGON), borders: bordersOf(places, at), box: boxOf(at, CORNER + AIR)};
}

// The same from a file of boundaries: by code {x, y, path}.
export function areasOf(places, boundaries) {
  const own = places.map(({id}) => boundaries.places[id]);
  return {at: own.map(({x, y}) => [x, y]), shapes: own.map(({path}) => path), borders: [], box: boundaries.box};
}

function boxOf(at, air) {
  const ends = (axis) => [Math.min(...at.map((one) => one[axis])) - air, Math.max(...at.map((one) => one[axis])) + air];
  return {x: ends(0), y: ends(1)};
}

// The sides of tiles that another prefecture, or nothing, lies behind.
function bordersOf(places, at) {
  const prefectures = new Map(places.map(({tile, prefecture}) => [tile.join(), prefecture]));
  const corner = ([x, y], degrees) => [x + CORNER * Math.cos(turn(degrees)), y + CORNER * Math.sin(turn(degrees))];
  return places.flatMap(({tile: [column, row], prefecture}, index) => SIDES
    .filter(([east, north]) => prefectures.get([column + east, row + north].join()) !== prefecture)
    .map(([, , from, to]) => {
      const [[x, y], [x2, y2]] = [corner(at[index], from), corner(at[index], to)];
      return {x, y, x2, y2};
    }));
}

// How large names of prefectures are written where a unit of the plane takes `scale` pixels.
export const nameSize = (scale) => Math.max(8, Math.min(11, Math.round(scale * 0.42)));

// Names of prefectures in the middle of their places, moved apart where they would cover each other.
export function namesOf(places, at, nameOf, {scale, box}) {
  const groups = new Map();
  places.forEach(({prefecture}, index) => groups.set(prefecture, [...(groups.get(prefecture) ?? []), at[index]]));
  const mean = (points, axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const size = nameSize(scale) / scale;
  const names = [...groups].map(([id, points]) => ({name: nameOf(id), x: mean(points, 0), y: mean(points, 1)}))
    .map((one) => ({...one, width: [...(one.name ?? "")].reduce((sum, sign) => sum + (sign > "\u2e80" ? WIDE : NARROW), 0) * size, height: LINE * size}));
  for (let round = 0; round < ROUNDS && movedApart(names, box); round += 1);
  return names.map(({name, x, y}) => ({name, x, y}));
}

const [WIDE, NARROW, LINE, ROUNDS] = [1.05, 0.62, 1.2, 200];

// Moves each pair that overlaps by half of what it takes, the shorter way; tells whether any did.
function movedApart(names, box) {
  let has = false;
  for (let i = 0; i < names.length; i += 1) {
    for (let j = i + 1; j < names.length; j += 1) {
      const [a, b] = [names[i], names[j]];
      const [x, y] = [(a.width + b.width) / 2 - Math.abs(a.x - b.x), (a.height + b.height) / 2 - Math.abs(a.y - b.y)];
      if (x <= 1e-6 || y <= 1e-6) continue;
      has = true;
      const [axis, half] = y <= x ? ["y", y / 2] : ["x", x / 2];
      const sign = a[axis] < b[axis] || (a[axis] === b[axis] && i < j) ? 1 : -1;
      a[axis] -= sign * half;
      b[axis] += sign * half;
    }
  }
  for (const one of names) {
    one.x = Math.min(Math.max(one.x, box.x[0] + one.width / 2), box.x[1] - one.width / 2);
    one.y = Math.min(Math.max(one.y, box.y[0] + one.height / 2), box.y[1] - one.height / 2);
  }
  return has;
}
