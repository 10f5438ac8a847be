// What the page shows, and its past: one step back for each release, however far a slider was dragged.

const MOST = 100;

export class Store {
  constructor(state) {
    this.state = state;
    this.past = [];
    this.future = [];
    this.before = null;
    this.listeners = [];
  }

  // Calls back after every change with {dragging, replaying}.
  listen(callback) {
    this.listeners.push(callback);
  }

  // Changes what is shown without a step back: a slider on its way, the year, the language.
  show(part, {dragging = false} = {}) {
    if (dragging && this.before === null) this.before = this.state;
    this.state = {...this.state, ...part};
    this._tell({dragging});
  }

  // Changes what is shown, and remembers how it was before the drag or before this.
  commit(part) {
    const before = this.before ?? this.state;
    this.before = null;
    const next = {...this.state, ...part};
    if (JSON.stringify(next.scenarios) !== JSON.stringify(before.scenarios)) {
      this.past = [...this.past, before].slice(-MOST);
      this.future = [];
    }
    this.state = next;
    this._tell({dragging: false, committed: true});
  }

  // Takes back a drag on its way.
  cancel() {
    if (this.before === null) return;
    this.state = {...this.state, scenarios: this.before.scenarios};
    this.before = null;
    this._tell({dragging: false});
  }

  undo() {
    if (!this.past.length) return;
    const previous = this.past.pop();
    this.future.push(this.state);
    this._restore(previous);
  }

  redo() {
    if (!this.future.length) return;
    const next = this.future.pop();
    this.past.push(this.state);
    this._restore(next);
  }

  // The state before the last step, to be shown for a moment.
  get previous() {
    return this.past.length ? this.past[this.past.length - 1] : null;
  }

  _restore(state) {
    this.before = null;
    this.state = {...this.state, scenarios: state.scenarios, tab: state.scenarios[this.state.tab] ? this.state.tab : state.tab};
    this._tell({dragging: false, committed: true});
  }

  _tell(how) {
    for (const callback of this.listeners) callback(this.state, how);
  }
}
