// Words of the text: selected by sentence and by word, and told by their exact place in code points.

import { current, marksOf, pane, reveal, said, say } from "./items.js";

const paragraphs = [...pane.querySelectorAll("[data-start]")];
const paragraphOf = (node) => paragraphs.find((paragraph) => paragraph.contains(node));
const points = (text) => [...text].length;

/** How many UTF-16 units of a paragraph stand before a point of the document. */
function unitsBefore(paragraph, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** The same the other way round: the node and offset after so many units. */
function pointAt(paragraph, units) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let node;
  while ((node = walker.nextNode())) {
    if (units <= node.length) return [node, units];
    units -= node.length;
  }
  return [paragraph, paragraph.childNodes.length];
}

export function selectedRange() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return pane.contains(range.commonAncestorContainer) ? range : null;
}

/** The selected words of the text as {start, end, exact}, offsets in code points. */
export function selected(range = selectedRange()) {
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
  for (const { segment, index } of new Intl.Segmenter(pane.lang || "fr", { granularity: "sentence" }).segment(text)) {
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
  tell(range);
}

const tell = (range) => say(`${said.saidSelected} ${selected(range)?.exact ?? ""}`);
const allSentences = () => paragraphs.flatMap((p) => sentencesOf(p).map(([from, to]) => ({ p, from, to })));

function sentenceAt(node, offset = 0) {
  const p = paragraphOf(node);
  if (!p) return null;
  const units = unitsBefore(p, node, offset);
  const found = sentencesOf(p).findLast(([from]) => from <= units);
  return found && { p, from: found[0], to: found[1] };
}

export function sentenceOfCurrent() {
  const mark = current && marksOf(current).find((one) => one.closest("[data-start]"));
  return (mark && sentenceAt(mark)) ?? allSentences()[0];
}

export function selectSentence(sentence) {
  if (sentence) selectUnits(sentence.p, sentence.from, sentence.p, sentence.to);
}

/** Another sentence, `by` sentences from the one where the selection begins. */
export function otherSentence(by) {
  const range = selectedRange();
  const all = allSentences();
  const here = range && sentenceAt(range.startContainer, range.startOffset);
  const number = all.findIndex((one) => here && one.p === here.p && one.from === here.from);
  selectSentence(all[Math.min(Math.max(number + by, 0), all.length - 1)]);
}

/** The selection reaches a sentence further, or not so far. */
export function reachBySentence(by) {
  const range = selectedRange();
  const p = paragraphOf(range.endContainer);
  const start = paragraphOf(range.startContainer);
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

export function reachByWord(direction) {
  getSelection().modify("extend", direction, "word");
  const range = selectedRange();
  if (range) tell(range);
}
