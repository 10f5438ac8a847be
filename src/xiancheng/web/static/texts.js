// Texts of the catalogue in the reader's language, with values filled in.

let texts = {zh: {}, en: {}};
let language = "zh";

export const LANGUAGES = ["zh", "en"];

export function useTexts(catalogue) {
  texts = catalogue.texts;
}

export function useLanguage(chosen) {
  language = chosen;
}

export function currentLanguage() {
  return language;
}

// The sentence of a key; `{name}` marks a value.
export function text(key, values = {}, chosen = language) {
  const template = texts[chosen][key];
  if (template === undefined) return key;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function hasText(key) {
  return key in texts.en;
}

// What is written in both languages, such as {zh: "省", en: "province"}.
export function inLanguage(both) {
  return both ? (both[language] ?? both.en ?? "") : "";
}
