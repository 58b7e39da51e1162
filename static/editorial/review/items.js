// What the review screen lists beside the text: which item is the current one, and what is said of it.

export const review = document.getElementById("review");
export const said = review.dataset;
export const pane = review.querySelector(".review-text");

const status = review.querySelector(".review-said");

export const say = (words) => { status.textContent = words; };
export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

export const items = () => [...review.querySelectorAll(".item")];
export const waiting = () => items().filter((item) => "waits" in item.dataset);
/** How many wait, those on other pages of the list among them. */
export const left = () => waiting().length + Number(said.elsewhere);
export const nameOf = (item) => item.querySelector("b")?.textContent;
export const roleOf = (item) => item.querySelector("[data-role]")?.dataset.role;
export const marksOf = (item) => [...pane.querySelectorAll(`mark[data-of~="${item.id}"]`)];

export const first = () => waiting()[0] ?? items()[0];
export let current = null;

/** Make an item the current one without showing it: attention is on something else. */
export function remember(item) { current = item; }

export function choose(item, { focus = true } = {}) {
  if (!item) return;
  if (current !== item) {
    current?.removeAttribute("aria-current");
    pane.querySelectorAll("mark.is-current").forEach((mark) => mark.classList.remove("is-current"));
    current = item;
    item.setAttribute("aria-current", "true");
    const marks = marksOf(item);
    marks.forEach((mark) => mark.classList.add("is-current"));
    if (marks.length) reveal(marks[0].getBoundingClientRect());
  }
  if (focus) item.focus();
}

/** Scroll the text to a place in it, unless that is to be seen. */
export function reveal(place) {
  const shown = pane.getBoundingClientRect();
  if (place.top < shown.top || place.bottom > shown.bottom) {
    pane.scrollTop += place.top - shown.top - pane.clientHeight / 3;
  }
}

export function step(by) {
  const all = items();
  choose(all[Math.min(Math.max(all.indexOf(current) + by, 0), all.length - 1)]);
}

export function onward(item) {
  const all = items();
  const open = waiting();
  choose(open.find((one) => all.indexOf(one) > all.indexOf(item)) ?? open[0] ?? item);
}

/** Show how an item stands: in the list, in the text, and in the count of those that wait. */
export function stand(item, state, waits) {
  item.dataset.state = state;
  item.toggleAttribute("data-waits", waits);
  if (item.dataset.kind === "mention") {
    marksOf(item).forEach((mark) => {
      mark.classList.remove("is-suggested", "is-confirmed", "is-rejected");
      mark.classList.add(`is-${state}`);
    });
  } else {
    marksOf(item).forEach((mark) => mark.classList.toggle("offered", waits && item.dataset.kind !== "newcomer"));
  }
  count();
}

export function count() {
  review.querySelector("[data-count]").textContent = left();
}

export function complain(item, reason, retry) {
  item.querySelector(".problem")?.remove();
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.append(reason);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = said.saidRetry;
    button.addEventListener("click", () => { problem.remove(); retry(); });
    problem.append(button);
  }
  item.append(problem);
  say([nameOf(item), reason].filter(Boolean).join(": "));
}

/** Whether a button stands in a question that isn't open yet: then it is opened. */
export function asks(button) {
  const question = button.closest("details.asks:not([open])");
  if (!question) return false;
  question.open = true;
  button.focus();
  say(question.querySelector("p").textContent);
  return true;
}
