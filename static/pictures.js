// Reads a picture's figures: the pointer or the arrow keys go from mark to mark, and what a
// mark says of itself stands below, where a screen reader says it too. A module, so that it
// runs once on a page with many pictures. Without it the table below the picture says all.

for (const figure of document.querySelectorAll(".drawn")) {
  const line = figure.querySelector(".reading");
  for (const picture of figure.querySelectorAll(".picture")) watch(picture, line);
}

function watch(picture, line) {
  const marks = [...picture.querySelectorAll("[class^=a-]")];
  let read = null;

  function say(mark) {
    if (!mark || mark === read) return;
    read?.classList.remove("read");
    read = mark;
    read.classList.add("read");
    line.textContent = read.querySelector("title").textContent;
  }

  function step(key) {
    const at = marks.indexOf(read), last = marks.length - 1;
    if (key === "ArrowRight" || key === "ArrowDown") return Math.min(at + 1, last);
    if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(at - 1, 0);
    return { Home: 0, End: last }[key];
  }

  picture.tabIndex = 0;
  picture.setAttribute("role", "application"); // so that a screen reader leaves it the keys
  picture.addEventListener("pointerover", (event) => say(event.target.closest("[class^=a-]")));
  picture.addEventListener("keydown", (event) => {
    const place = step(event.key);
    if (place === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    say(marks[place]);
  });
}
