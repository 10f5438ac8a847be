// Loaded into the process of Playwright (NODE_OPTIONS=--require): with it a Firefox of the system does the tasks too.
// Two things that Firefox ESR does otherwise than Playwright awaits over WebDriver BiDi are smoothed over; nothing else is touched.
// 1. It does not know the command that sets scheme and motion: the refusal counts as done, the scheme stays the system's.
// 2. It names neither download nor navigation where a page hands out a file that it made itself: such files are numbered.
"use strict";

const LOOKS = "emulation.setMediaFeaturesOverride";
const {parse, stringify} = JSON;
const asked = new Set();
const begun = [];
let files = 0;

JSON.stringify = (value, ...rest) => {
  if (value?.method === LOOKS) asked.add(value.id);
  return stringify(value, ...rest);
};

JSON.parse = (...words) => {
  const value = parse(...words);
  if (value?.type === "error" && asked.delete(value.id)) return {type: "success", id: value.id, result: {}};
  const {method, params} = value ?? {};
  if (params && !params.download && !params.navigation) {
    if (method === "browsingContext.downloadWillBegin") {
      files += 1;
      params.download = `file ${files}`;
      begun.push(params.download);
    }
    if (method === "browsingContext.downloadEnd") params.download = begun.shift();
  }
  return value;
};
