// Live values on the way from a lever to its figure, and what the lever does with feedback loops cut; asked of the server when shown.

import {element, replace, write} from "./dom.js";
import {withUnit} from "./effects.js";
import {number} from "./numbers.js";
import {Refused} from "./server.js";
import {inLanguage, text} from "./texts.js";

const SLIGHT = 1e-4;
const LOOK = 1000;

export class Mechanism {
  constructor(page) {
    this.page = page;
    this.cut = new Set();
    this.kept = new Map();
    this.values = new Map();
    this.state = element("p", {role: "status"});
    this.verdict = element("p", {role: "status"});
  }

  // The words beside a variable of the way, filled in when they are there.
  place(id) {
    const place = element("p", {class: "fine values"});
    this.values.set(id, place);
    return place;
  }

  // The loops with a box each that cuts it; those that the way looks at first.
  loops(lever, loops) {
    const row = (loop) => element("div", {class: "loop"},
      element("label", {class: "tick"}, element("input", {type: "checkbox", checked: this.cut.has(loop.id), onchange: (event) => this._switch(lever, loop.id, event.target.checked)}),
        element("span", {}, text("page.loop_cut", {loop: `${loop.id} ${inLanguage(loop.title)}`}))),
      element("p", {class: "fine"}, `${text(loop.id.startsWith("R") ? "page.loop_strengthens" : "page.loop_brakes")}: ${inLanguage(loop.path)} · ${inLanguage(loop.note)}`));
    const [near, far] = [true, false].map((isNear) => loops.filter((loop) => loop.is_near === isNear));
    return element("div", {class: "loops"}, element("h3", {}, text("page.loops")), element("p", {class: "fine"}, text("page.loops_about")), this.verdict,
      near.length ? element("p", {class: "fine"}, text("page.why_loops")) : null, ...near.map(row),
      far.length ? element("details", {class: "drawer", open: !near.length}, element("summary", {}, text("page.loops_other", {count: far.length})), ...far.map(row)) : null);
  }

  _switch(lever, id, isCut) {
    if (isCut) this.cut.add(id);
    else this.cut.delete(id);
    return this.ask(lever);
  }

  // Asks for what is shown: the lever, the plan, the place in sight and the loops that are cut.
  async ask(lever) {
    const {server, store} = this.page;
    const {state} = store;
    const scenario = state.scenarios[state.tab];
    const question = {lever: lever.id, area: state.place, cut: [...this.cut].sort()};
    const mark = `${server.key(scenario)} ${JSON.stringify(question)}`;
    this.mark = mark;
    if (!this.kept.has(mark)) {
      const told = this._tell(mark);
      try {
        this.kept.set(mark, await server.why(scenario, question));
      } catch (error) {
        if (this.mark === mark) replace(this.state, error instanceof Refused ? error.problems.map(inLanguage).join(" · ") : text("page.failed"), " ", this._button("page.why_again", () => this.ask(lever)));
        return;
      } finally {
        clearInterval(told);
      }
    }
    if (this.mark !== mark) return;
    replace(this.state);
    this.show(lever, this.kept.get(mark));
  }

  // Says, above all else, how far the server is, with a button that stops it before its next run; what is compiled meanwhile is kept.
  _tell(mark) {
    const {server} = this.page;
    const words = element("span", {}, text("page.why_running"));
    const stop = this._button("page.why_stop", () => { stop.disabled = true; server.stopOf("why"); });
    replace(this.state, words, " ", stop);
    return setInterval(async () => {
      const {done, of, is_compiling: isCompiling, seconds} = await server.progressOf("why");
      if (of && this.mark === mark) write(words, text(isCompiling ? "page.why_compiling" : "page.why_runs", {done, of, seconds}));
    }, LOOK);
  }

  _button(key, onclick) {
    return element("button", {type: "button", class: "quiet", onclick}, text(key));
  }

  show(lever, answer) {
    const {offer, store} = this.page;
    const at = offer.years.indexOf(store.state.year);
    for (const one of answer.variables) {
      const place = this.values.get(one.id);
      if (place) replace(place, this._valueWords(one, at));
    }
    replace(this.verdict, this._verdictWords(lever, answer, at));
  }

  _valueWords({kind, baseline, plan}, at) {
    const {state} = this.page.store;
    const [before, now] = [baseline[at], plan[at]];
    const moved = before ? (now - before) / Math.abs(before) : null;
    const words = moved === null || Math.abs(moved) < SLIGHT ? "" : ` (${number(moved, "share", {sign: true})})`;
    return text(`page.why_value_${kind}`, {year: state.year, place: this.page.areaName(this.page.areaAt()), before: number(before), now: number(now) + words, name: state.tab});
  }

  _verdictWords(lever, {figure, cut}, at) {
    const {offer} = this.page;
    const indicator = offer.indicators.find((one) => one.id === lever.own_indicator);
    const effect = (pair) => withUnit(pair.plan[at] - pair.baseline[at], indicator.unit);
    const values = {figure: inLanguage(indicator.title), year: offer.years[at], whole: effect(figure)};
    if (!cut) return text("page.loops_whole", values);
    return text("page.loops_apart", {...values, loops: [...this.cut].sort().join(text("list.separator")), apart: effect(cut),
      level: number(cut.baseline[at], indicator.unit), uncut: number(figure.baseline[at], indicator.unit)});
  }
}
