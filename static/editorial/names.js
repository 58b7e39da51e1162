// Shows beside each name of a company's form what it would match, while an editor types.
// The server works it out from the whole form, saves nothing, and answers with the panel
// that the button shows without a script.

const WAIT = 700; // milliseconds without a key before the server is asked

function start(panel) {
  const form = panel.closest("form");
  let timer = null, asked = null;

  const relevant = (target) =>
    /^(name|legal_name)$|^names-\d+-(name|ambiguous|DELETE)$|^identifiers-\d+-(value|scheme)$/.test(
      target.name || "",
    );

  function show() {
    for (const old of form.querySelectorAll(".name-matches")) old.remove();
    for (const item of panel.querySelectorAll("[data-field]")) {
      const input = form.elements[item.dataset.field];
      if (!input || !input.insertAdjacentElement) continue;
      const said = document.createElement("a");
      said.className = "name-matches";
      said.href = "#matches";
      said.textContent = item.dataset.said;
      input.insertAdjacentElement("afterend", said);
    }
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const data = new FormData(form);
    data.set("_names", "live");
    try {
      const answer = await fetch(window.location.href, {
        method: "POST",
        body: data,
        signal: asked.signal,
      });
      if (!answer.ok || answer.redirected) return;
      panel.innerHTML = await answer.text();
      show();
    } catch {
      // Offline, or asked anew; the button says more.
    }
  }

  function later(event) {
    if (!relevant(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  show();
  if (panel.dataset.names === "looked") panel.focus(); // the button asked for it
}

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-names]");
  if (panel) start(panel);
});
