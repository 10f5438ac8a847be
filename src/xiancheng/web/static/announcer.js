// What is told once after a release: what came of the change, what ramps hold back, and that a plan does nothing.

import {same, told} from "./effects.js";
import {TABS, emptyScenario} from "./link.js";
import {inLanguage, text} from "./texts.js";

const CALM = emptyScenario();

export class Announcer {
  // isOwed: a step has been made and nothing was said of it yet.
  constructor(page) {
    this.page = page;
    this.isOwed = false;
  }

  // What came of the last change at the place and year in sight, said again in another language when it is chosen.
  announce() {
    this.isOwed = false;
    const {page} = this;
    const {offer, store} = page;
    const {tab, year} = store.state;
    const moved = [...page.moved];
    const before = (moved.length && page.server.found(page.beforeStep, [])) || page.reference();
    const moment = {now: page.current(), area: page.areaAt(), at: offer.years.indexOf(year), own: page.own(), aim: page.aim()};
    const hasNone = moved.length > 0 && same(before, moment.now);
    const isAlone = before !== page.reference() && !same(before, page.reference());
    page.notices.say(() => (hasNone
      ? text("page.no_effect", {levers: moved.map((id) => inLanguage(offer.levers.find((one) => one.id === id).title)).join(text("list.separator"))})
      : text(isAlone ? "page.released_alone" : "page.released", {name: tab, place: page.areaName(moment.area), year, effects: told(offer, before, moment).join(" · ")})));
    this.tellNotes();
  }

  // What whoever opens a link, or moves a lever, should know of each plan.
  tellNotes() {
    const {page} = this;
    const {scenarios} = page.store.state;
    const plans = TABS.filter((tab) => scenarios[tab]).map((tab) => ({tab, figures: page.server.found(scenarios[tab], [])})).filter((one) => one.figures);
    const still = ({tab, figures}) => page.server.key(scenarios[tab]) !== page.server.key(CALM) && same(figures, page.reference());
    const lines = plans.flatMap((plan) => [
      ...(still(plan) ? [() => text("page.plan_without_effect", {name: plan.tab})] : []),
      ...plan.figures.header.notes.map((note) => () => `${text("page.plan", {name: plan.tab})}: ${inLanguage(note)}`),
    ]);
    if (lines.length) page.notices.put("notes", () => lines.map((line) => line()));
    else page.notices.take("notes");
  }
}
