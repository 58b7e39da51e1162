// On every page for readers, and only to save a few keys: "/" goes to the search box, and
// what one types there is completed. Without it everything works the same.
"use strict";

const box = document.getElementById("site-search");
const options = document.getElementById("suggestions");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// An address that is to be passed on holds what was asked, and no empty fields.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

let waiting, asked;
box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 200);
});

async function suggest() {
  const words = box.value.trim();
  if (words.length < 2 || words === asked) return;
  asked = words;
  try {
    const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(words)}`);
    if (answer.ok && words === asked) {
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      options.replaceChildren(...found.querySelectorAll("option"));
    }
  } catch {
    // Without suggestions the box still searches.
  }
}
