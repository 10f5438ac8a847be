// The top of the page: views, scenario tabs, undo, redo, replay, link, export, language.

import {byId, element, replace} from "./dom.js";
import {TABS, VIEWS, emptyScenario} from "./link.js";
import {LANGUAGES, text} from "./texts.js";

const NAMES = {zh: "中文", en: "English"};

export class Head {
  constructor(page) {
    this.page = page;
  }

  build() {
    document.title = `${text("page.name")} · ${text("page.tagline")}`;
    for (const one of document.querySelectorAll("[data-text]")) one.textContent = text(one.dataset.text);
    if (this.page.offer.stored) for (const one of document.querySelectorAll('[data-text="page.levers"]')) one.textContent = text("page.stored_title");
    for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", text(one.dataset.label));
    byId("list-label").textContent = `${text("page.the_68")} ${this.page.offer.list_label[this.page.store.state.lang]}`;
    byId("version").textContent = this.page.offer.version;
    byId("nature").textContent = text("result.nature");
    this.show();
  }

  show() {
    const {store, offer} = this.page;
    const {state} = store;
    document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
    document.body.dataset.view = state.view;
    const used = TABS.filter((tab) => state.scenarios[tab]);
    const focused = document.activeElement?.dataset?.act;
    replace(byId("views"), ...VIEWS.map((view) => button(`view-${view}`, text(`page.view_${view}`), () => this.page.rebuild({view}), {pressed: state.view === view})));
    replace(byId("tabs"), ...used.map((tab) => button(`tab-${tab}`, this.page.nameOf(tab), () => this.page.rebuild({tab}), {pressed: state.tab === tab, class: `tab tab-${tab}`})),
      used.length < TABS.length ? button("tab-add", "+", () => this._add(), {label: text("page.add_plan")}) : null,
      used.length > 1 ? button("tab-remove", "−", () => this._remove(), {label: text("page.remove_plan", {name: state.tab})}) : null);
    replace(byId("tools"),
      this.page.stories.isOffered || offer.introduction.length ? button("learn", text("page.learn"), () => this.page.stories.menu()) : null,
      button("undo", text("page.undo"), () => this.page.undo(), {disabled: !store.past.length}),
      button("redo", text("page.redo"), () => this.page.redo(), {disabled: !store.future.length}),
      button("replay", text("page.replay"), () => this.page.replay(), {disabled: !store.past.length}),
      offer.bands ? button("bands", text("page.bands"), () => this.page.bands.toggle(), {pressed: state.bands, title: text(`page.bands_hold.${offer.bands_of}`, {members: offer.bands})}) : null,
      button("share", text("page.share"), () => this.page.share()),
      button("export", text("page.export"), () => this.page.download()),
      button("tour", text("page.tour"), () => this.page.tour.start()),
      ...LANGUAGES.map((lang) => button(`lang-${lang}`, NAMES[lang], () => this.page.speak(lang), {pressed: state.lang === lang, lang: lang === "zh" ? "zh-CN" : "en"})));
    if (focused) document.querySelector(`[data-act="${focused}"]`)?.focus();
  }

  _add() {
    const {state} = this.page.store;
    const tab = TABS.find((one) => !state.scenarios[one]);
    const from = state.scenarios[state.tab];
    this.page.rebuild({scenarios: {...state.scenarios, [tab]: structuredClone(from ?? emptyScenario())}, tab}, true);
  }

  _remove() {
    const {state} = this.page.store;
    const scenarios = {...state.scenarios};
    delete scenarios[state.tab];
    this.page.rebuild({scenarios, tab: TABS.find((one) => scenarios[one])}, true);
  }
}

function button(act, words, onclick, {pressed = null, disabled = false, label = null, lang = null, ...more} = {}) {
  return element("button", {type: "button", "data-act": act, onclick, disabled, "aria-label": label, lang,
    "aria-pressed": pressed === null ? null : String(pressed), class: more.class, title: more.title ?? null}, words);
}
