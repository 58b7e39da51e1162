// On every page for readers, and only to save a few keys: "/" goes to the search box, and
// what one types is completed. Without it everything works the same.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("site-search");
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// An address that is to be passed on holds what was asked, and no empty fields; a company
// that was chosen by its name, by its slug.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  const { formData } = event;
  for (const [name, value] of [...formData]) {
    if (value === "") formData.delete(name);
  }
  for (const { name, value, dataset } of event.target.querySelectorAll("input[data-slug]")) {
    if (value && value === dataset.name) formData.set(name, dataset.slug);
  }
});

// A field with suggestions: below it a list, for the arrow keys, Enter, Escape and the pointer
// (the combobox of WAI-ARIA). All fields share the list, since only one of them is typed in.
const list = document.getElementById("suggestions");
let field, waiting;

document.addEventListener("input", (event) => {
  const typed = event.target;
  if (!typed.dataset.suggestions || !event.isTrusted) return;
  field = typed;
  close();
  if (field.value === "" || field.value === field.dataset.name) return;
  event.stopPropagation(); // half a name is no answer to a form that is sent as one chooses
  waiting = setTimeout(suggest, 200, field.value.trim());
}, true);

// A name that was typed to its end is one.
document.addEventListener("change", ({ target: { dataset, value }, target }) => {
  if (dataset.suggestions && value && value !== dataset.name) tell(target);
});

document.addEventListener("focusout", ({ target }) => {
  if (target === field) close();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== field || list.hidden) return;
  const options = [...list.children];
  const present = options.findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = present < 0 && step < 0 ? options.length - 1 : present + step;
    select(options, (next + options.length) % options.length);
  } else if (event.key === "Enter" && present >= 0) choose(options[present]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});

list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) choose(option);
});

async function suggest(words) {
  if (words.length < 2) return;
  try {
    const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(words)}`);
    const text = await answer.text();
    if (!answer.ok || document.activeElement !== field || words !== field.value.trim()) return;
    const found = new DOMParser().parseFromString(text, "text/html");
    list.replaceChildren(...found.querySelectorAll("[role=option]"));
    open();
  } catch {
    // Without suggestions the form still finds what was typed.
  }
}

function open() {
  const place = field.getBoundingClientRect();
  list.style.left = `${place.left + scrollX}px`;
  list.style.top = `${place.bottom + scrollY}px`;
  list.style.minWidth = `${place.width}px`;
  list.hidden = !list.children.length;
  field.role = "combobox";
  field.ariaAutoComplete = "list";
  field.ariaExpanded = String(!list.hidden);
  field.setAttribute("aria-controls", list.id);
}

function close() {
  clearTimeout(waiting);
  list.hidden = true;
  field.ariaExpanded = "false";
  field.removeAttribute("aria-activedescendant");
}

function select(options, place) {
  options.forEach((option, n) => (option.ariaSelected = String(n === place)));
  options[place].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[place].id);
}

function choose({ dataset: { name, slug, href } }) {
  close();
  if (field.name === "q") location.href = href;
  else if (field.form.hasAttribute("hx-get")) {
    field.value = name;
    Object.assign(field.dataset, { name, slug });
    tell(field);
  } else {
    field.value = slug;
    field.form.requestSubmit();
  }
}

// To a form that is sent as one chooses.
function tell(target) {
  target.dispatchEvent(new Event("input", { bubbles: true }));
}
