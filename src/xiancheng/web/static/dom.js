// Elements made without a word of HTML, so that no name can ever be executed.

// element("button", {type: "button", onclick: f, "aria-label": "…"}, "text", child, …)
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected" || name === "open") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

// Puts words into an element, and leaves it alone where they are there already: what does not change is not laid out anew.
export function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

export function byId(id) {
  return document.getElementById(id);
}

// A list to choose from: options are [value, words] or {label, options}.
export function choice(attributes, options, chosen) {
  const made = element("select", attributes);
  for (const option of options) {
    if (Array.isArray(option)) made.append(element("option", {value: option[0], selected: option[0] === chosen}, option[1]));
    else {
      made.append(element("optgroup", {label: option.label},
        ...option.options.map(([value, words]) => element("option", {value, selected: value === chosen}, words))));
    }
  }
  made.value = chosen;
  return made;
}
