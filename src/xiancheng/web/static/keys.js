// Keys for the whole page: a step back, a step forward, and Escape.

const TYPED = "input[type=number], input[type=search], textarea";

// Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y go by steps, except where somebody types; Escape takes back a drag, else closes notices.
export function listenToKeys(page) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (page.store.before) page.cancel();
      else page.notices.closeAll();
      return;
    }
    if (!(event.ctrlKey || event.metaKey) || event.target.closest(TYPED)) return;
    const key = event.key.toLowerCase();
    const isBack = key === "z" && !event.shiftKey;
    if (!isBack && key !== "y" && key !== "z") return;
    event.preventDefault();
    if (isBack) page.undo();
    else page.redo();
  });
}
