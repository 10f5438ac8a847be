// Says in both languages what is going on until the page stands, and when a part of it does not arrive. Needs no other file.

(() => {
  const SLOW = 6000;
  const say = (words) => {
    const box = document.getElementById("wait");
    if (box && !document.body.hasAttribute("data-ready")) box.textContent = words;
  };
  let hasFailed = false;
  const failed = (what) => {
    hasFailed = true;
    say(`页面的一部分未能载入（${what}），请刷新页面；若仍不行，请检查服务器是否在运行。 `
    + `A part of the page did not arrive (${what}). Load the page again; if that does not help, see whether the server is running.`);
  };
  window.addEventListener("error", (event) => failed(event.target?.src || event.target?.href || event.message), true);
  window.addEventListener("unhandledrejection", (event) => failed(event.reason?.message || "?"));
  setTimeout(() => {
    if (!hasFailed) say("仍在载入：线路较慢，或模型正在进行首次运行。 Still loading: the line is slow, or the model runs for the first time.");
  }, SLOW);
})();
