// What is in sight: while a lever is dragged only that is drawn; the rest follows when it comes near, or on release.

const NEAR = "150px";

export class Sight {
  // onCome: called with an element that was passed over and comes into sight.
  constructor(onCome) {
    this.away = new Set();
    this.behind = new Set();
    this.observer = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) {
        if (!isIntersecting) this.away.add(target);
        else if (this.away.delete(target) && this.behind.delete(target)) onCome(target);
      }
    }, {rootMargin: NEAR});
  }

  watch(elements) {
    this.observer.disconnect();
    this.away.clear();
    this.behind.clear();
    for (const one of elements) this.observer.observe(one);
  }

  // Watches one element in place of another.
  add(element, before) {
    for (const set of [this.away, this.behind]) set.delete(before);
    this.observer.unobserve(before);
    this.observer.observe(element);
  }

  // Whether to draw an element now; where not, it is remembered as behind the others.
  wants(element, dragging) {
    const passed = dragging && this.away.has(element);
    if (passed) this.behind.add(element);
    else this.behind.delete(element);
    return !passed;
  }
}
