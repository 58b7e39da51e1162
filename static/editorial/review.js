// The review screen, by keys and by buttons: what each of them does, and where one begins.

import { allSent, decide, onceSent, openPage, press, undo } from "./review/decisions.js";
import { form, join, quoteSelection, removeRow, save, startRow } from "./review/draft.js";
import { choose, current, first, items, pane, remember, review, said, step } from "./review/items.js";
import {
  otherSentence, reachBySentence, reachByWord, selectSentence, selected, selectedRange, sentenceOfCurrent,
} from "./review/passages.js";

const keysDialog = document.getElementById("keys");
const KEYS = "review-keys"; // in localStorage: "off" where single keys are off
const keysAreOn = () => localStorage.getItem(KEYS) !== "off";

const byKey = {
  j: () => step(1),
  k: () => step(-1),
  a: (event) => press("accept", event.repeat),
  r: (event) => press("reject", event.repeat),
  1: () => press("subject"),
  2: () => press("peer"),
  3: () => press("passing"),
  u: undo,
  n: () => onceSent(() => { location.href = said.next; }),
  s: () => selectSentence(sentenceOfCurrent()),
  e: quoteSelection,
  p: (event) => press("join", event.repeat),
  o: () => openPage("a.open"),
  "?": () => keysDialog.showModal(),
};

const inText = {
  ArrowDown: (event) => (event.shiftKey ? reachBySentence(1) : otherSentence(1)),
  ArrowUp: (event) => (event.shiftKey ? reachBySentence(-1) : otherSentence(-1)),
  ArrowRight: (event) => (event.shiftKey ? reachByWord("forward") : otherSentence(1)),
  ArrowLeft: (event) => (event.shiftKey ? reachByWord("backward") : otherSentence(-1)),
};

document.addEventListener("keydown", (event) => {
  if (keysDialog.open) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    return save();
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form?.contains(event.target)) {
    event.preventDefault();
    if (event.shiftKey) {
      if (!event.repeat) join();
    } else if (form.querySelector('[data-add="measures"]')) startRow("measures");
    return;
  }
  const question = event.key === "Escape" && event.target.closest("details.asks[open]");
  if (question) {
    question.open = false;
    return (question.closest(".item") ?? question.querySelector("summary")).focus();
  }
  if (event.key === "Escape" && (form?.contains(event.target) || event.target === pane)) {
    getSelection().removeAllRanges();
    return choose(current ?? items()[0]);
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
  const work = event.target === pane && selectedRange() && inText[event.key];
  // On a French keyboard the digits' keys give “&”, “é” and “"”.
  const act = work || byKey[event.key] || byKey[/^Digit([123])$/.exec(event.code)?.[1]];
  if (act) {
    event.preventDefault();
    act(event);
  }
});

review.addEventListener("click", (event) => {
  const button = event.target.closest("button, a, mark[data-of]");
  if (!button) return choose(event.target.closest(".item"), { focus: false });
  if (button.dataset.act) {
    event.preventDefault();
    const item = button.closest(".item");
    choose(item, { focus: false });
    decide(item, button.dataset.act, button.dataset);
  } else if (button.dataset.do === "keys") keysDialog.showModal();
  else if (button.dataset.add) startRow(button.dataset.add);
  else if ("remove" in button.dataset) removeRow(button.closest("[data-row]"));
  else if ("carries" in button.dataset && selected()) {
    const { start, end } = selected();
    const address = new URL(button.href);
    address.searchParams.set("start", start);
    address.searchParams.set("end", end);
    button.href = address;
  } else if (button.matches("mark") && getSelection().isCollapsed) {
    const held = button.dataset.of.split(" ").map((id) => document.getElementById(id));
    choose(held.find(Boolean), { focus: false });
  }
});

review.querySelector(".next").addEventListener("click", (event) => {
  if (allSent() || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  byKey.n();
});

review.addEventListener("focusin", (event) => {
  const item = event.target.closest(".item");
  // A mouse chooses by its click: what moved under it before wouldn't be clicked.
  if (item && item !== current && event.target.matches(":focus-visible")) choose(item, { focus: false });
});

const switchKeys = document.getElementById("keys-on");
switchKeys.checked = keysAreOn();
switchKeys.addEventListener("change", () => localStorage.setItem(KEYS, switchKeys.checked ? "on" : "off"));

/* --- Where to begin --- */

document.documentElement.classList.add("scripted");
review.querySelectorAll("[data-do], [data-add], [data-remove]").forEach((button) => { button.hidden = false; });

const asked = document.getElementById(location.hash.slice(1));
if (form && asked === form) {
  const empty = [...form.querySelectorAll(".words :is(input, textarea)")].find((field) => !field.value);
  const field = form.querySelector(".errors :is(input, select, textarea)") ?? empty ?? document.getElementById("draft-title");
  field.focus();
  // The browser has yet to go to the address's own place.
  window.addEventListener("load", () => field.scrollIntoView({ block: "center" }));
  remember(first());
} else if (asked?.matches(".item")) choose(asked);
else if (asked) {
  asked.focus();
  remember(first());
} else choose(first());
review.dataset.ready = "";
