/* The review screen. Decisions are shown at once, sent in their order, and put right by what
   the server answers; sentences are selected and quoted by their exact place. */

const review = document.getElementById("review");
const said = review.dataset;
const pane = review.querySelector(".review-text");
const form = document.getElementById("draft");
const keysDialog = document.getElementById("keys");
const status = review.querySelector(".review-said");
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

const say = (words) => { status.textContent = words; };
const items = () => [...review.querySelectorAll(".item")];
const waiting = () => items().filter((item) => "waits" in item.dataset);
const nameOf = (item) => item.querySelector("b")?.textContent;
const roleOf = (item) => item.querySelector("[data-role]")?.dataset.role;
const marksOf = (item) => [...pane.querySelectorAll(`mark[data-of~="${item.id}"]`)];

/* --- The current item --- */

let current = null;

function choose(item, { focus = true } = {}) {
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

function reveal(place) {
  const shown = pane.getBoundingClientRect();
  if (place.top < shown.top || place.bottom > shown.bottom) {
    pane.scrollTop += place.top - shown.top - pane.clientHeight / 3;
  }
}

function step(by) {
  const all = items();
  choose(all[Math.min(Math.max(all.indexOf(current) + by, 0), all.length - 1)]);
}

function onward(item) {
  const all = items();
  const left = waiting();
  choose(left.find((one) => all.indexOf(one) > all.indexOf(item)) ?? left[0] ?? item);
}

/* --- Decisions: shown, sent, answered --- */

const unsent = []; // acts that the server hasn't answered, oldest first
const done = []; // what can be undone, the last one last
let sending = false;
let afterwards = null; // what waits until everything is sent

function decide(item, act, { undoing = false, into = "", sure = "" } = {}) {
  const { kind, key, stamp = "" } = item.dataset;
  const isRole = ROLES.includes(act);
  const seen = isRole ? roleOf(item) : item.dataset.state;
  const leadsTo = isRole ? act : LEADS[kind][act];
  if (seen === leadsTo) return false;
  if (!undoing) done.push({ item, act: isRole ? seen : backTo(kind, seen) });
  unsent.push({ item, kind: isRole ? "role" : kind, key, act, seen, stamp, into, sure });
  item.classList.add("is-sending");
  item.querySelector(".problem")?.remove();
  if (isRole) item.querySelector("[data-role]").dataset.role = act;
  else stand(item, leadsTo, act === "ask");
  item.querySelectorAll("[data-act]").forEach((button) => {
    const pressed = isRole ? ROLES.includes(button.dataset.act) : !ROLES.includes(button.dataset.act);
    if (pressed && button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", button.dataset.act === act);
    }
  });
  const words = { accept: said.saidAccepted, join: said.saidJoined, reject: said.saidRejected, ask: said.saidWaiting };
  const left = waiting().length;
  say(`${nameOf(item)}: ${words[act] ?? said.saidRole}. ${left ? `${said.saidLeft} ${left}` : said.saidNone}`);
  send();
  return true;
}

function stand(item, state, waits) {
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
  review.querySelector("[data-count]").textContent = waiting().length;
}

/** The token of the session as it is now: who signed in again in another tab got a new one. */
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  ?? document.querySelector("#items [name=csrfmiddlewaretoken]").value;

async function post(acts) {
  const response = await fetch(said.decide, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({
      acts: acts.map(({ kind, key, act, seen, stamp, into, sure }) => ({ kind, key, act, seen, stamp, into, sure })),
    }),
  });
  if (!response.headers.get("Content-Type")?.includes("json")) {
    throw new Error(response.redirected || response.status === 403 ? said.saidSignedOut : said.saidFailed);
  }
  return response.json();
}

const reasonOf = (error) => (error instanceof TypeError ? said.saidFailed : error.message);

async function send() {
  if (sending || !unsent.length) return;
  sending = true;
  const batch = unsent.slice(0, AT_ONCE);
  try {
    const { answers, suggestions } = await post(batch);
    unsent.splice(0, batch.length);
    answers.forEach((answer, number) => settle(batch[number], answer));
    if (suggestions) renew(suggestions);
  } catch (error) {
    sending = false;
    afterwards = null;
    submitting = false;
    new Set(unsent.map((act) => act.item)).forEach((item) => complain(item, reasonOf(error), send));
    return;
  }
  sending = false;
  if (unsent.length) send();
  else if (afterwards) afterwards();
}

function settle(act, answer) {
  const { item } = act;
  if (unsent.some((later) => later.item === item)) return;
  item.classList.remove("is-sending");
  if (answer.html) {
    const inside = item.contains(document.activeElement) && document.activeElement.dataset.act;
    const parsed = new DOMParser().parseFromString(answer.html, "text/html");
    item.replaceChildren(...parsed.body.childNodes);
    item.dataset.stamp = answer.stamp;
    stand(item, answer.state, answer.waits);
    if (inside) (item.querySelector(`[data-act="${inside}"]`) ?? item).focus();
  }
  if (answer.code !== 200) {
    const { into, sure } = act;
    complain(item, answer.said, AGAIN.includes(answer.code) ? () => decide(item, act.act, { into, sure }) : null);
  }
}

/** What is suggested follows from the companies that are named. */
function renew(suggestions) {
  const known = suggestions.map((one) => one.item);
  for (const item of items()) {
    const gone = item.dataset.kind === "suggestion" && !known.includes(item.id);
    if (gone && item !== current && !unsent.some((act) => act.item === item)) item.remove();
  }
  for (const one of suggestions) {
    const item = document.getElementById(one.item) ?? document.createElement("li");
    if (item.dataset.stamp === one.stamp || unsent.some((act) => act.item === item)) continue;
    if (!item.isConnected) {
      item.id = one.item;
      item.className = "item suggestion";
      item.tabIndex = -1;
      review.querySelector(".items").insertBefore(item, review.querySelector(".item.placement"));
    }
    Object.assign(item.dataset, { kind: "suggestion", key: one.key, stamp: one.stamp });
    item.replaceChildren(...new DOMParser().parseFromString(one.html, "text/html").body.childNodes);
    stand(item, one.state, one.waits);
  }
  review.querySelector("[data-count]").textContent = waiting().length;
}

/** What others decided while one was away, read from the page as it is now. */
async function refresh() {
  if (unsent.length || sending) return;
  const response = await fetch(said.review).catch(() => null);
  if (!response?.ok || response.redirected || unsent.length) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = [...parsed.querySelectorAll(".item")];
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
  review.querySelector("[data-count]").textContent = waiting().length;
}

function complain(item, reason, retry) {
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

/** Do something once everything is sent; at once, if it is. */
function onceSent(work) {
  if (!unsent.length) return work();
  afterwards = () => { afterwards = null; work(); };
  send();
}

/** Whether a button stands in a question that isn't open yet: then it is opened. */
function asks(button) {
  const question = button.closest("details.asks:not([open])");
  if (!question) return false;
  question.open = true;
  button.focus();
  say(question.querySelector("p").textContent);
  return true;
}

function press(act, repeated) {
  const button = current?.querySelector(`details[open] [data-act="${act}"]`)
    ?? current?.querySelector(`[data-act="${act}"]`);
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
function openPage(which) {
  const link = current?.querySelector(which);
  if (link) onceSent(() => link.click());
  else say(said.saidNothingToDo);
}

function undo() {
  const last = done.pop();
  if (!last) return say(said.saidNothingToUndo);
  decide(last.item, last.act, { undoing: true });
  choose(last.item);
}

/* --- Words of the text: selected, counted in code points --- */

const paragraphs = [...pane.querySelectorAll("[data-start]")];
const points = (text) => [...text].length;

/** How many UTF-16 units of a paragraph stand before a point of the document. */
function unitsBefore(paragraph, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  return range.toString().length;
}

function pointAt(paragraph, units) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let node;
  while ((node = walker.nextNode())) {
    if (units <= node.length) return [node, units];
    units -= node.length;
  }
  return [paragraph, paragraph.childNodes.length];
}

function selectedRange() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return pane.contains(range.commonAncestorContainer) ? range : null;
}

/** The selected words of the text as {start, end, exact}, offsets in code points. */
function selected(range = selectedRange()) {
  if (!range) return null;
  const within = paragraphs.filter((paragraph) => range.intersectsNode(paragraph));
  if (!within.length) return null;
  const [first, last] = [within[0], within.at(-1)];
  const from = first.contains(range.startContainer)
    ? unitsBefore(first, range.startContainer, range.startOffset) : 0;
  const to = last.contains(range.endContainer)
    ? unitsBefore(last, range.endContainer, range.endOffset) : last.textContent.length;
  const words = within.map((paragraph, number) => {
    const text = paragraph.textContent.slice(number ? 0 : from, paragraph === last ? to : undefined);
    return (number ? `\n\n${paragraph.dataset.before ?? ""}` : "") + text;
  }).join("");
  const exact = words.replace(/\s*(## )?$/, "").trimStart();
  if (!exact) return null;
  const start = Number(first.dataset.start) + points(first.textContent.slice(0, from))
    + points(words) - points(words.trimStart());
  return { start, end: start + points(exact), exact };
}

const ABBREVIATED = /(?:^|[\s(«“"’'])(?:MM?|Mmes?|Mlles?|Mr|Mrs|Ms|Dr|Pr|St|Ste|Inc|Corp|Ltd|Co|No|[A-ZÀ-Þ])\.\s*$/u;
const cut = new Map();

/** The sentences of a paragraph as [from, to] in UTF-16 units. */
function sentencesOf(paragraph) {
  if (!cut.has(paragraph)) cut.set(paragraph, cutUp(paragraph.textContent));
  return cut.get(paragraph);
}

function cutUp(text) {
  if (!Intl.Segmenter) return [[0, text.length]];
  const found = [];
  for (const { segment, index } of new Intl.Segmenter(pane.dataset.language || "fr", { granularity: "sentence" }).segment(text)) {
    const last = found.at(-1);
    const closing = last ? /^[\s»”)]*/.exec(segment)[0].length : 0;
    if (last && (closing === segment.length || ABBREVIATED.test(text.slice(last[0], index)))) {
      last[1] = index + segment.length;
    } else {
      if (last) last[1] = index + closing;
      found.push([index + closing, index + segment.length]);
    }
  }
  return found
    .map(([from, to]) => [from, from + text.slice(from, to).trimEnd().length])
    .filter(([from, to]) => to > from);
}

function selectUnits(from, fromUnits, to, toUnits) {
  const range = document.createRange();
  range.setStart(...pointAt(from, fromUnits));
  range.setEnd(...pointAt(to, toUnits));
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  pane.focus({ preventScroll: true });
  reveal(range.getBoundingClientRect());
  say(`${said.saidSelected} ${selected(range)?.exact ?? ""}`);
}

const allSentences = () => paragraphs.flatMap((p) => sentencesOf(p).map(([from, to]) => ({ p, from, to })));

function sentenceAt(node, offset = 0) {
  const p = paragraphs.find((paragraph) => paragraph.contains(node));
  if (!p) return null;
  const units = unitsBefore(p, node, offset);
  const found = sentencesOf(p).findLast(([from]) => from <= units);
  return found && { p, from: found[0], to: found[1] };
}

function sentenceOfCurrent() {
  const mark = current && marksOf(current).find((one) => one.closest("[data-start]"));
  return (mark && sentenceAt(mark)) ?? allSentences()[0];
}

function selectSentence(sentence) {
  if (sentence) selectUnits(sentence.p, sentence.from, sentence.p, sentence.to);
}

/** Another sentence, `by` sentences from the one where the selection begins. */
function otherSentence(by) {
  const range = selectedRange();
  const all = allSentences();
  const here = range && sentenceAt(range.startContainer, range.startOffset);
  const number = all.findIndex((one) => here && one.p === here.p && one.from === here.from);
  selectSentence(all[Math.min(Math.max(number + by, 0), all.length - 1)]);
}

/** The selection reaches a sentence further, or not so far. */
function reachBySentence(by) {
  const range = selectedRange();
  const p = paragraphs.find((paragraph) => paragraph.contains(range.endContainer));
  const start = paragraphs.find((paragraph) => paragraph.contains(range.startContainer));
  if (!p || !start) return;
  const from = unitsBefore(start, range.startContainer, range.startOffset);
  const here = [paragraphs.indexOf(p), unitsBefore(p, range.endContainer, range.endOffset)];
  const begins = [paragraphs.indexOf(start), from];
  const compare = (a, b) => a[0] - b[0] || a[1] - b[1];
  const ends = allSentences().map((one) => [paragraphs.indexOf(one.p), one.to]);
  const end = by > 0
    ? ends.find((one) => compare(one, here) > 0)
    : ends.findLast((one) => compare(one, here) < 0 && compare(one, begins) > 0);
  if (end) selectUnits(start, from, paragraphs[end[0]], end[1]);
}

function reachByWord(direction) {
  getSelection().modify("extend", direction, "word");
  const range = selectedRange();
  if (range) say(`${said.saidSelected} ${selected(range)?.exact ?? ""}`);
}

/* --- The form --- */

let dirty = form?.dataset.bound === "1";
let submitting = false; // it is on its way, or about to be
let answered = false; // the server has just said that it would take it

const rowsOf = (name) => [...form.querySelectorAll(`[data-rows="${name}"] > [data-row]`)];

function addRow(name) {
  const fieldset = form.querySelector(`[data-rows="${name}"]`);
  const template = fieldset.querySelector("template");
  const total = fieldset.querySelector(`[name="${name}-TOTAL_FORMS"]`);
  const before = rowsOf(name).filter((row) => !row.hidden).at(-1);
  const html = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = new DOMParser().parseFromString(html, "text/html").querySelector("[data-row]");
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

function removeRow(row) {
  row.querySelector('[name$="-DELETE"]').checked = true;
  row.hidden = true;
  dirty = true;
  lookLater(row.querySelector('[name$="-DELETE"]').name);
  (rowsOf(row.parentElement.dataset.rows).find((one) => !one.hidden)?.querySelector("input:not([type=hidden]), textarea")
    ?? row.parentElement.querySelector("[data-add]")).focus();
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
function quoteSelection() {
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
  if (!select || "chosen" in select.dataset) return;
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

/* What the archive may hold already of the form as it is filled in. */
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
  const answer = await fetch(form.action, { method: "POST", body: data, signal: now.signal }).catch(() => null);
  if (looking === now) found.removeAttribute("aria-busy");
  if (!answer?.ok || answer.redirected) return; // said when it is saved
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!found.contains(document.activeElement)) found.replaceChildren(...parsed.body.childNodes);
}

function join() {
  const button = found?.querySelector("details[open] [name=_join]") ?? found?.querySelector("[name=_join]");
  if (button && !asks(button)) form.requestSubmit(button);
}

function save() {
  if (form) form.requestSubmit(form.querySelector("[name=_save]"));
}

/* --- Keys and buttons --- */

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
    if (event.shiftKey) { if (!event.repeat) join(); }
    else if (form.querySelector('[data-add="measures"]')) addRow("measures").querySelector("input:not([type=hidden])").focus();
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
  else if (button.dataset.add) addRow(button.dataset.add).querySelector("input:not([type=hidden]), textarea").focus();
  else if ("remove" in button.dataset) removeRow(button.closest("[data-row]"));
  else if ("carries" in button.dataset && selected()) {
    const { start, end } = selected();
    const address = new URL(button.href);
    address.searchParams.set("start", start);
    address.searchParams.set("end", end);
    button.href = address;
  } else if (button.matches("mark") && getSelection().isCollapsed) {
    const held = button.dataset.of.split(" ").map((id) => document.getElementById(id));
    choose(held.find((item) => item), { focus: false });
  }
});

review.querySelector(".next").addEventListener("click", (event) => {
  if (!unsent.length || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  byKey.n();
});

review.addEventListener("focusin", (event) => {
  const item = event.target.closest(".item");
  // A mouse chooses by its click: what moved under it before wouldn't be clicked.
  if (item && item !== current && event.target.matches(":focus-visible")) choose(item, { focus: false });
});

document.addEventListener("selectionchange", () => {
  const row = form && emptyPassage();
  const words = row && selected();
  if (words) fillPassage(words, row, { auto: true });
});

if (form) {
  form.addEventListener("input", (event) => {
    dirty = true;
    lookLater(event.target.name);
    event.target.closest("[data-auto]")?.removeAttribute("data-auto");
    if (event.target === form.elements.company) event.target.dataset.chosen = "";
    if (form.elements.company) listActivities();
  });
  form.addEventListener("submit", (event) => {
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
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });

window.addEventListener("beforeunload", (event) => {
  if (unsent.length || (dirty && !submitting)) event.preventDefault();
});
window.addEventListener("pageshow", () => { submitting = false; });

const switchKeys = document.getElementById("keys-on");
switchKeys.checked = keysAreOn();
switchKeys.addEventListener("change", () => localStorage.setItem(KEYS, switchKeys.checked ? "on" : "off"));

/* --- Where to begin --- */

document.documentElement.classList.add("scripted");
review.querySelectorAll("[data-do], [data-add], [data-remove]").forEach((button) => { button.hidden = false; });
if (form?.elements.company) listActivities();

const asked = document.getElementById(location.hash.slice(1));
if (form && asked === form) {
  const empty = [...form.querySelectorAll(".words :is(input, textarea)")].find((field) => !field.value);
  const first = form.querySelector(".errors :is(input, select, textarea)") ?? empty ?? document.getElementById("draft-title");
  first.focus();
  // The browser has yet to go to the address's own place.
  window.addEventListener("load", () => first.scrollIntoView({ block: "center" }));
  current = waiting()[0] ?? items()[0];
} else if (asked?.matches(".item")) choose(asked);
else if (asked) {
  asked.focus();
  current = waiting()[0] ?? items()[0];
} else choose(waiting()[0] ?? items()[0]);
review.dataset.ready = "";
