// Questions to the server: one at a time, the newest wins; answers are kept; a lost server is asked again until it is back.

import {keyOf} from "./link.js";

const KEPT = 60;
const RETRY = [500, 1000, 2000, 4000];

export class Figures {
  constructor(header, numbers) {
    this.header = header;
    this.numbers = numbers;
    this.position = new Map(header.indicators.map((id, at) => [id, at]));
  }

  has(id) {
    return this.position.has(id);
  }

  // The value of an indicator in a year (by position) at an area (by position); NaN where there is none.
  value(id, year, area) {
    const {years, areas} = this.header;
    return this.position.has(id) ? this.numbers[(this.position.get(id) * years + year) * areas + area] : NaN;
  }

  // The same for one share of a band, of the figure itself or of its change against the baseline in the same member.
  band(id, share, year, area, kind = "level") {
    const {years, areas, shares, kinds} = this.header;
    const at = (this.position.get(id) * kinds.length + kinds.indexOf(kind)) * shares.length + share;
    return this.numbers[(at * years + year) * areas + area];
  }

  met(id, area) {
    return this.header.met[id]?.[area];
  }
}

export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return new Figures(header, new Float32Array(buffer, 4 + length));
}

export class Refused extends Error {
  constructor(problems) {
    super("refused");
    this.problems = problems;
  }
}

export class Server {
  // told: {lost(), back(), busy(bool)}
  constructor(told) {
    this.told = told;
    this.kept = new Map();
    this.keys = new WeakMap();
    this.running = false;
    this.wanted = null;
    this.lostTimes = 0;
  }

  // What two scenarios share when they are told the same; a scenario never changes, another takes its place.
  key(scenario) {
    let key = this.keys.get(scenario);
    if (key === undefined) {
      key = keyOf(scenario);
      this.keys.set(scenario, key);
    }
    return key;
  }

  // What is known of a scenario, if it holds all these indicators.
  found(scenario, indicators) {
    const key = this.key(scenario);
    const kept = this.kept.get(key);
    if (!kept || !indicators.every((id) => kept.has(id))) return null;
    this.kept.delete(key);
    this.kept.set(key, kept);
    return kept;
  }

  // Asks for scenarios in order of need; calls `done` when all are there. Where something newer is asked for meanwhile,
  // the answer on its way is handed to `late`, so that a long drag shows where it has been.
  ask(scenarios, indicators, {done, refused, late = () => {}}) {
    this.wanted = {scenarios, indicators, done, refused, late};
    if (!this.running) this._work();
  }

  async _work() {
    this.running = true;
    this.told.busy(true);
    while (this.wanted) {
      const wanted = this.wanted;
      const next = wanted.scenarios.find((one) => !this.found(one, wanted.indicators));
      if (!next) {
        this.wanted = null;
        wanted.done();
        continue;
      }
      try {
        const figures = await this._post("run", next, wanted.indicators);
        this.kept.delete(this.key(next));
        this.kept.set(this.key(next), figures);
        if (this.wanted !== wanted) wanted.late(figures);
        while (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
      } catch (error) {
        if (!(error instanceof Refused)) {
          await this._wait();
        } else if (this.wanted === wanted) {
          this.wanted = null;
          wanted.refused(error.problems);
        }
      }
    }
    this.running = false;
    this.told.busy(false);
  }

  async bands(scenario, indicators) {
    return this._post("bands", scenario, indicators);
  }

  // In how many members the bands of a scenario have been run: {done, of}.
  async progress(scenario) {
    return (await this._send("bands/progress", scenario, [])).json();
  }

  async stop(scenario) {
    await this._send("bands/stop", scenario, []);
  }

  // The least setting of a lever on top of a scenario that reaches a target.
  async target(scenario, target) {
    return this._json("target", scenario, {target});
  }

  // What is on the way of a lever in the plan and the baseline, with loops cut.
  async why(scenario, mechanism) {
    return this._json("why", scenario, {mechanism});
  }

  // The best use of a budget on top of a scenario.
  async budget(scenario, budget) {
    return this._json("budget", scenario, {budget});
  }

  // How far the server is with one of these: {done, of, is_compiling, seconds}; and an end to it.
  async progressOf(name) {
    return (await this._send(`${name}/progress`, {}, [])).json();
  }

  async stopOf(name) {
    await this._send(`${name}/stop`, {}, []);
  }

  async _json(path, scenario, more) {
    const answer = await this._send(path, scenario, [], more);
    if (answer.status === 400) throw new Refused((await answer.json()).problems);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  _send(path, scenario, indicators, more = {}) {
    const body = JSON.stringify({...scenario, indicators, ...more});
    return fetch(`/${path}`, {method: "POST", headers: {"Content-Type": "application/json"}, body});
  }

  async _post(path, scenario, indicators) {
    const answer = await this._send(path, scenario, indicators);
    if (answer.status === 400 || answer.status === 413) throw new Refused((await answer.json()).problems);
    if (!answer.ok) throw new Error(String(answer.status));
    const figures = unpack(await answer.arrayBuffer());
    if (this.lostTimes) this.told.back();
    this.lostTimes = 0;
    return figures;
  }

  async _wait() {
    if (this.lostTimes === 0) this.told.lost();
    const pause = RETRY[Math.min(this.lostTimes, RETRY.length - 1)];
    this.lostTimes += 1;
    await new Promise((resume) => setTimeout(resume, pause));
  }
}
