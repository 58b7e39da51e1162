// Decisions on the items: shown at once, sent in their order, and put right by what the server answers.

import {
  asks, choose, complain, count, current, items, left, marksOf, nameOf, onward, parse, review, roleOf, said, say,
  stand,
} from "./items.js";

const AT_ONCE = 50; // acts in one request
const AGAIN = [409, 423]; // answers after which a second try makes sense

// What an act leads to, by the kind of thing; and the act that leads back to a state.
const LEADS = {
  mention: { accept: "confirmed", reject: "rejected", ask: "suggested" },
  suggestion: { accept: "accepted", join: "joined", reject: "dismissed", ask: "open" },
  newcomer: { accept: "settled", reject: "dismissed", ask: "open" },
  placement: { accept: "edited", reject: "gone", ask: "waiting" },
};
const ROLES = ["subject", "peer", "passing"];
const backTo = (kind, state) => Object.keys(LEADS[kind]).find((act) => LEADS[kind][act] === state);

let unsent = []; // acts that the server hasn't answered, oldest first
const done = []; // what can be undone, the last one last
let sending = false;
let failing = false; // the last ones couldn't be sent, and their items stand as before
let afterwards = null; // what waits until everything is sent

export const allSent = () => !unsent.length;
const isUnsent = (item) => unsent.some((act) => act.item === item);

export function decide(item, act, { undoing = false, into = "", sure = "" } = {}) {
  const { kind, key, stamp = "" } = item.dataset;
  const isRole = ROLES.includes(act);
  if (failing && !sending && isUnsent(item)) {
    unsent = unsent.filter((one) => one.item !== item || (one.kind === "role") !== isRole);
    item.querySelector(".problem")?.remove();
  }
  const seen = isRole ? roleOf(item) : item.dataset.state;
  const leadsTo = isRole ? act : LEADS[kind][act];
  if (seen === leadsTo) return;
  if (!undoing) done.push({ item, act: isRole ? seen : backTo(kind, seen) });
  const waited = "waits" in item.dataset;
  unsent.push({ item, kind: isRole ? "role" : kind, key, act, seen, stamp, into, sure, waited });
  item.classList.add("is-sending");
  item.querySelector(".problem")?.remove();
  show(item, isRole, leadsTo, act === "ask");
  const rejected = kind === "newcomer" ? said.saidNoCompany : said.saidRejected;
  const words = { accept: said.saidAccepted, join: said.saidJoined, reject: rejected, ask: said.saidWaiting };
  const still = left();
  say(`${nameOf(item)}: ${words[act] ?? said.saidRole}. ${still ? `${said.saidLeft} ${still}` : said.saidNone}`);
  send();
}

/** Show a state of an item, or the role of its company, before the server has said so. */
function show(item, isRole, state, waits) {
  if (isRole) item.querySelector("[data-role]").dataset.role = state;
  else stand(item, state, waits);
  const pressed = isRole ? state : backTo(item.dataset.kind, state);
  item.querySelectorAll("[data-act][aria-pressed]").forEach((button) => {
    if (isRole === ROLES.includes(button.dataset.act)) {
      button.setAttribute("aria-pressed", button.dataset.act === pressed);
    }
  });
}

export function undo() {
  const last = done.pop();
  if (!last) return say(said.saidNothingToUndo);
  decide(last.item, last.act, { undoing: true });
  choose(last.item);
}

/** Do an act on the current item, or follow its link that does as much. */
export function press(act, repeated) {
  const none = !current && review.querySelector("[data-none]");
  if (none) return say(none.textContent);
  const button = current?.querySelector(`details[open] [data-act="${act}"]`)
    ?? current?.querySelector(`[data-act="${act}"], [data-refuses="${act}"]`);
  if (button?.dataset.refuses) return say(button.textContent);
  if (!button && !repeated) return openPage(`[data-opens="${act}"]`);
  if (!button) return;
  // A key that is held down decides on what waits, and never changes what was decided.
  if (repeated && (!("waits" in current.dataset) || button.closest(".asks"))) return;
  if (asks(button)) return;
  const item = current;
  decide(item, act, button.dataset);
  if (!ROLES.includes(act)) onward(item);
}

/** Follow a link of the current item, once everything is sent. */
export function openPage(which) {
  const link = current?.querySelector(which);
  if (link) onceSent(() => link.click());
  else say(said.saidNothingToDo);
}

/* --- Sent and answered --- */

/** The token of the session as it is now: who signed in again in another tab got a new one. */
export const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  ?? document.querySelector("#items [name=csrfmiddlewaretoken]").value;

export async function post(acts) {
  const response = await fetch(said.decide, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({ acts: acts.map(({ item, waited, ...act }) => act) }),
  });
  if (!response.headers.get("Content-Type")?.includes("json")) {
    throw new Error(response.redirected || response.status === 403 ? said.saidSignedOut : said.saidFailed);
  }
  return response.json();
}

export const reasonOf = (error) => (error instanceof TypeError ? said.saidFailed : error.message);

async function send() {
  if (sending || allSent()) return;
  sending = true;
  for (const { item, kind, act } of unsent) {
    item.classList.add("is-sending");
    if (failing) show(item, kind === "role", kind === "role" ? act : LEADS[kind][act], act === "ask");
  }
  const batch = unsent.slice(0, AT_ONCE);
  try {
    const { answers, suggestions } = await post(batch);
    unsent.splice(0, batch.length);
    if (failing) say(said.saidSaved);
    failing = false;
    answers.forEach((answer, number) => settle(batch[number], answer));
    if (suggestions) renew(suggestions);
  } catch (error) {
    sending = false;
    failing = true;
    afterwards = null;
    for (const { item, kind, seen, waited } of [...unsent].reverse()) {
      item.classList.remove("is-sending"); // nothing of it is saved, so nothing looks so
      show(item, kind === "role", seen, waited);
    }
    review.dispatchEvent(new Event("unsent"));
    new Set(unsent.map((act) => act.item)).forEach((item) => complain(item, reasonOf(error), send));
    return;
  }
  sending = false;
  if (!allSent()) send();
  else if (afterwards) afterwards();
}

/** Do something once everything is sent; at once, if it is. An "unsent" event says that it won't be done. */
export function onceSent(work) {
  if (allSent()) return work();
  afterwards = () => { afterwards = null; work(); };
  send();
}

function settle({ item, act, into, sure }, answer) {
  if (isUnsent(item)) return;
  item.classList.remove("is-sending");
  if (answer.html) {
    const inside = item.contains(document.activeElement) && document.activeElement.dataset.act;
    item.replaceChildren(...parse(answer.html).body.childNodes);
    item.dataset.stamp = answer.stamp;
    stand(item, answer.state, answer.waits);
    if (inside) (item.querySelector(`[data-act="${inside}"]`) ?? item).focus();
  }
  if (answer.code !== 200) {
    complain(item, answer.said, AGAIN.includes(answer.code) ? () => decide(item, act, { into, sure }) : null);
  }
}

/** What is suggested follows from the companies that are named. */
function renew(suggestions) {
  const known = suggestions.map((one) => one.item);
  for (const item of items()) {
    const gone = item.dataset.kind === "suggestion" && !known.includes(item.id);
    if (gone && item !== current && !isUnsent(item)) item.remove();
  }
  for (const one of suggestions) {
    if (Number(said.pages) > 1 && !document.getElementById(one.item)) continue; // it is on another
    const item = document.getElementById(one.item) ?? document.createElement("li");
    if (item.dataset.stamp === one.stamp || isUnsent(item)) continue;
    if (!item.isConnected) {
      item.id = one.item;
      item.className = "item suggestion";
      item.tabIndex = -1;
      review.querySelector(".items").insertBefore(item, review.querySelector(".item.placement"));
    }
    Object.assign(item.dataset, { kind: "suggestion", key: one.key, stamp: one.stamp });
    item.replaceChildren(...parse(one.html).body.childNodes);
    stand(item, one.state, one.waits);
  }
  count();
}

/** What others decided while one was away, read from the page as it is now. */
async function refresh() {
  if (!allSent() || sending) return;
  const text = await fetch(said.review)
    .then((response) => (response.ok && !response.redirected ? response.text() : null))
    .catch(() => null); // offline
  if (text === null || !allSent() || sending) return;
  const page = parse(text);
  const found = [...page.querySelectorAll(".item")];
  said.elsewhere = page.getElementById("review").dataset.elsewhere;
  for (const now of found) {
    const item = document.getElementById(now.id);
    if (!item) review.querySelector(".items").append(now);
    else if (["state", "stamp"].some((name) => item.dataset[name] !== now.dataset[name]) || roleOf(item) !== roleOf(now)) {
      item.replaceChildren(...now.childNodes);
      item.dataset.stamp = now.dataset.stamp;
      stand(item, now.dataset.state, "waits" in now.dataset);
      complain(item, said.saidMeanwhile, null);
    }
  }
  items().filter((item) => item !== current && !found.some(({ id }) => id === item.id)).forEach((item) => item.remove());
  count();
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
window.addEventListener("beforeunload", (event) => { if (!allSent()) event.preventDefault(); });
