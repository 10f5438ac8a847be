// Bands over members of the model, asked for when somebody wants them, for the plans in sight.

import {byId, write} from "./dom.js";
import {Refused} from "./server.js";
import {text} from "./texts.js";

const LOOK = 1500;

export class Bands {
  constructor(page) {
    this.page = page;
    this.kept = new Map();
  }

  async toggle() {
    const {store} = this.page;
    store.show({bands: !store.state.bands});
    this.say();
    await this.load();
  }

  // Says what differs between members, as long as bands are asked for.
  say() {
    const {offer, store} = this.page;
    write(byId("bands-note"), store.state.bands ? text(`page.bands_hold.${offer.bands_of}`, {members: offer.bands}) + text("page.bands_read") : "");
  }

  // The bands at hand: [{name, figures}], none while they are switched off.
  of() {
    const {store, server} = this.page;
    if (!store.state.bands) return [];
    return this.page.tabs().map((name) => ({name, figures: this.kept.get(server.key(store.state.scenarios[name]))})).filter((one) => one.figures);
  }

  async load() {
    const {offer, notices, server, store} = this.page;
    const {state} = store;
    if (!state.bands) return;
    for (const tab of this.page.tabs()) {
      const scenario = state.scenarios[tab];
      const key = server.key(scenario);
      const asked = this.page.indicators();
      const kept = this.kept.get(key);
      if (kept && asked.every((id) => kept.has(id))) continue;
      const told = this._tell(scenario);
      try {
        this.kept.set(key, await server.bands(scenario, asked));
      } catch (error) {
        if (this.isStopped) {
          store.show({bands: false});
          this.say();
        }
        else if (error instanceof Refused) notices.problems(error.problems);
        else notices.put("refused", () => [text("page.failed")]);
      }
      clearInterval(told);
      notices.take("bands");
    }
    await this.page.redraw(false);
  }

  // Says what runs and how far it is; whoever closes the notice stops it.
  _tell(scenario) {
    const {offer, notices, server} = this.page;
    const most = offer.bands;
    this.isStopped = false;
    const put = (done) => notices.put("bands", () => [text(`page.bands_running.${offer.bands_of}`, {members: most}), text("page.bands_done", {done, members: most})],
      {onclose: () => { this.isStopped = true; server.stop(scenario); }});
    put(0);
    return setInterval(async () => {
      const {done} = await server.progress(scenario);
      if (!this.isStopped && notices.held.has("bands")) put(done);
    }, LOOK);
  }

  // Says behind a band that it is rough, where few members stand badly for all.
  mark(id) {
    return this.page.offer.rough_bands.includes(id) ? text("page.band_rough") : "";
  }

  // How far the change of a figure reaches over members, in the plan of a name: [low, high], or null where no band is at hand.
  change(name, id, at, area) {
    const figures = this.of().find((one) => one.name === name)?.figures;
    if (!figures?.has(id)) return null;
    const reach = [0, 2].map((share) => figures.band(id, share, at, area, "change"));
    return reach.every(Number.isFinite) ? reach : null;
  }
}
