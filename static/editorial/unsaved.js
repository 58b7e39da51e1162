// Work that isn't saved: leaving it asks first, and a copy stays in this tab until a save has
// gone well, so that it outlives a session's end. “Bring it back” sends the copy to the
// server, which shows it merged with what others saved meanwhile, and saves nothing.

const START = "unsaved ";
const form = document.querySelector("#content-main form[method=post][id$=_form]");
const notice = document.querySelector("#unsaved");
// Each page of a form's rows has a copy of its own; the first is the one that nobody asks for.
const pages = [...new URLSearchParams(location.search)]
  .filter(([name, number]) => name.endsWith("_page") && number !== "1")
  .map((page) => ` ${page.join("=")}`)
  .sort();
const key = notice && `${START}${notice.dataset.user} ${location.pathname}${pages.join("")}`;
const failed = Boolean(document.querySelector(".errornote"));
let leaving = false;
let waiting;

const held = (control) => control && control.type !== "password" && control.type !== "file";
const typed = () =>
  [...new FormData(form)].filter(
    ([name]) =>
      name !== "csrfmiddlewaretoken" && !name.includes("__prefix__") &&
      held(form.elements[name]?.[0] ?? form.elements[name]),
  );
const same = (one, other) => {
  const text = (pairs) => JSON.stringify(pairs.filter(([name]) => name !== "opened"));
  return text(one) === text(other);
};

function forget(wanted) {
  for (const stored of Object.keys(sessionStorage)) {
    if (stored.startsWith(START) && wanted(JSON.parse(sessionStorage.getItem(stored)))) {
      sessionStorage.removeItem(stored);
    }
  }
}

// What was sent and went well is no longer unsaved.
if (document.querySelector(".messagelist .success")) forget((copy) => copy.sent);

if (form) {
  let opened = typed();
  const unsaved = () => failed || !same(typed(), opened);

  const keep = (sent) => {
    clearTimeout(waiting);
    if (!key || !unsaved()) return;
    try {
      sessionStorage.setItem(key, JSON.stringify({ sent, at: Date.now(), typed: typed() }));
    } catch {
      // The tab's store is full: the form itself is all there is.
    }
  };

  addEventListener("load", () => {
    opened = typed(); // Django's own scripts have set up the form
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });
  addEventListener("pagehide", () => leaving || keep(false));
  form.addEventListener("submit", () => {
    keep(true);
    leaving = true;
  });
  for (const happened of ["input", "change"]) {
    form.addEventListener(happened, () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 500, false);
    });
  }

  const copy = key && JSON.parse(sessionStorage.getItem(key));
  if (copy && !failed && same(copy.typed, opened)) sessionStorage.removeItem(key);
  else if (copy && !failed) offer(copy);
}

function offer(copy) {
  notice.querySelector("time").textContent = new Date(copy.at).toLocaleString(
    document.documentElement.lang,
  );
  notice.hidden = false;
  notice.querySelector("[value=discard]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    notice.hidden = true;
  });
  notice.querySelector("[value=restore]").addEventListener("click", () => {
    const again = form.cloneNode(false);
    again.removeAttribute("id");
    const token = form.elements.csrfmiddlewaretoken.value;
    const more = [["_draft", "1"], ["csrfmiddlewaretoken", token]];
    for (const [name, value] of [...copy.typed, ...more]) {
      const control = document.createElement("textarea"); // keeps line feeds
      Object.assign(control, { name, value });
      again.append(control);
    }
    again.hidden = true;
    document.body.append(again);
    leaving = true;
    HTMLFormElement.prototype.submit.call(again);
  });
}
