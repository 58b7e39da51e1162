// The form for an announcement: its rows, the passage quoted in it, what is asked while one types, its sending.

import { onceSent, post, reasonOf, token } from "./decisions.js";
import { asks, complain, current, pane, parse, review, roleOf, said, say } from "./items.js";
import { selectSentence, selected, selectedRange, sentenceOfCurrent } from "./passages.js";

export const form = document.getElementById("draft"); // null for who may not save one

let dirty = form?.dataset.bound === "1";
let submitting = false; // it is on its way, or about to be
let answered = false; // the server has just said that it would take it

const fieldOf = (row) => row.querySelector("input:not([type=hidden]), textarea");
const rowsOf = (name) => [...form.querySelectorAll(`[data-rows="${name}"] > [data-row]`)];

function addRow(name) {
  const fieldset = form.querySelector(`[data-rows="${name}"]`);
  const template = fieldset.querySelector("template");
  const total = fieldset.querySelector(`[name="${name}-TOTAL_FORMS"]`);
  const before = rowsOf(name).filter((row) => !row.hidden).at(-1);
  const html = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = parse(html).querySelector("[data-row]");
  total.value = Number(total.value) + 1;
  template.before(row);
  if (name === "measures") {
    for (const field of before ? ["action", "stage"] : []) {
      row.querySelector(`[name$="-${field}"]`).value = before.querySelector(`[name$="-${field}"]`).value;
    }
    listActivities();
  }
  row.querySelectorAll("[hidden]").forEach((button) => { button.hidden = false; });
  say(said.saidAdded);
  return row;
}

export function startRow(name) {
  fieldOf(addRow(name)).focus();
}

export function removeRow(row) {
  const gone = row.querySelector('[name$="-DELETE"]');
  gone.checked = true;
  row.hidden = true;
  dirty = true;
  lookLater(gone.name);
  const left = rowsOf(row.parentElement.dataset.rows).find((one) => !one.hidden);
  (left ? fieldOf(left) : row.parentElement.querySelector("[data-add]")).focus();
}

/** Offer the activities of the company chosen; ask for both names of a new one, and for the one that another lacks. */
function listActivities() {
  const company = form.elements.company?.value;
  for (const row of rowsOf("measures")) {
    const input = row.querySelector('[name$="-activity"]');
    input.setAttribute("list", `activities-${company}`);
    const known = [...(document.getElementById(`activities-${company}`)?.options ?? [])];
    const typed = input.value.trim().toLowerCase();
    const named = known.filter((option) => option.value.toLowerCase() === typed);
    const isNew = typed && !named.some((option) => !("unnamed" in option.dataset));
    row.classList.toggle("names-new", Boolean(isNew));
  }
}

function fillPassage(words, row, { auto }) {
  const text = row.querySelector('[name$="-exact"]');
  text.value = words.exact;
  row.querySelector('[name$="-start"]').value = words.start;
  row.toggleAttribute("data-auto", auto);
}

const emptyPassage = () => rowsOf("passages").find((row) => {
  const text = row.querySelector('[name$="-exact"]').value;
  return !row.hidden && (!text.trim() || row.hasAttribute("data-auto"));
});

/** The selected words, or the sentence of the current item, become a passage of the form. */
export function quoteSelection() {
  if (!form) return;
  if (!selected()) selectSentence(sentenceOfCurrent());
  const range = selectedRange();
  const words = selected(range);
  if (words) {
    fillPassage(words, emptyPassage() ?? addRow("passages"), { auto: false });
    guessCompany(range);
    dirty = true;
    say(said.saidFilled);
  }
  listActivities();
  const next = form.querySelector('[data-rows="measures"] [name$="-activity"]')
    ?? form.querySelector('[name$="-stance"]');
  next.focus({ preventScroll: true });
  const side = review.querySelector(".review-side");
  if (getComputedStyle(side).overflowY === "visible") next.scrollIntoView({ block: "center" });
  else side.scrollTop += form.getBoundingClientRect().top - side.getBoundingClientRect().top;
}

function guessCompany(range) {
  const select = form.elements.company;
  const isOpened = new URL(form.action).searchParams.has("announcement"); // it has its company
  if (!select || isOpened || "chosen" in select.dataset) return;
  const named = [...pane.querySelectorAll("mark.name:not(.is-rejected)")]
    .filter((mark) => range.intersectsNode(mark))
    .flatMap((mark) => mark.dataset.of.split(" "))
    .map((id) => document.getElementById(id))
    .filter((item) => item?.dataset.company);
  const best = named.find((item) => item === current)
    ?? named.find((item) => roleOf(item) === "subject") ?? named[0];
  if (best && [...select.options].some((option) => option.value === best.dataset.company)) {
    select.value = best.dataset.company;
    lookLater(select.name);
  }
}

document.addEventListener("selectionchange", () => {
  const row = form && emptyPassage();
  const words = row && selected();
  if (!words) return;
  fillPassage(words, row, { auto: true });
  if (!form.dataset.bound) guessCompany(selectedRange());
});

/* --- What the archive may hold already of the form as it is filled in --- */

const found = form?.querySelector("[data-found]");
const ASKS = /^(company|announced_on|announced_precision|measures-\d+-(activity|market|DELETE))$/;
const WAIT = 500; // milliseconds without a key before the server is asked
let looking = null;
let waits = null;

function lookLater(name) {
  if (!found || !ASKS.test(name)) return;
  clearTimeout(waits);
  found.setAttribute("aria-busy", "true");
  waits = setTimeout(look, WAIT);
}

function lookNoMore() {
  clearTimeout(waits);
  looking?.abort();
  found?.removeAttribute("aria-busy");
}

async function look() {
  looking?.abort();
  const now = looking = new AbortController();
  const data = new FormData(form);
  data.set("_look", "1");
  const text = await fetch(form.action, { method: "POST", body: data, signal: now.signal })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null)) // said when it is saved
    .catch(() => null); // offline, or asked anew
  if (looking === now) found.removeAttribute("aria-busy");
  if (text === null || found.contains(document.activeElement)) return;
  found.replaceChildren(...parse(text).body.childNodes);
}

export function join() {
  const button = found?.querySelector("details[open] [name=_join]") ?? found?.querySelector("[name=_join], [data-refuses]");
  if (button?.dataset.refuses) return say(button.textContent);
  if (button && !asks(button)) form.requestSubmit(button);
}

/* --- Sent --- */

export function save() {
  if (form) form.requestSubmit(form.querySelector("[name=_save]"));
}

/** Send the form once the server has answered: where the session has ended or the network is
    away, what was typed stays here. However long Ctrl-S is held down, it goes once. */
async function sendForm(submitter) {
  form.querySelector(".save .problem")?.remove();
  submitting = true;
  try {
    await post([]);
  } catch (error) {
    submitting = false;
    return complain(form.querySelector(".save"), reasonOf(error), () => form.requestSubmit(submitter));
  }
  answered = true;
  form.requestSubmit(submitter);
}

form?.addEventListener("input", (event) => {
  dirty = true;
  lookLater(event.target.name);
  event.target.closest("[data-auto]")?.removeAttribute("data-auto");
  if (event.target === form.elements.company) event.target.dataset.chosen = "";
  if (form.elements.company) listActivities();
});

form?.addEventListener("submit", (event) => {
  if (answered) {
    answered = false;
    form.elements.csrfmiddlewaretoken.value = token();
    return;
  }
  event.preventDefault();
  lookNoMore(); // the same form is saved now
  if (submitting) return;
  submitting = true;
  onceSent(() => sendForm(event.submitter));
});

review.addEventListener("unsent", () => { submitting = false; });
window.addEventListener("beforeunload", (event) => { if (dirty && !submitting) event.preventDefault(); });
window.addEventListener("pageshow", () => { submitting = false; });

if (form?.elements.company) listActivities();
