// “Take the other value”: puts what another editor saved into the field beside it.

function take(control, values, words) {
  if (control.type === "checkbox") {
    control.checked = values.length > 0;
  } else if (control.tagName === "SELECT") {
    for (const value of values) {
      if (![...control.options].some((option) => option.value === value)) {
        control.add(new Option(words, value)); // suggestions come one by one
      }
    }
    for (const option of control.options) option.selected = values.includes(option.value);
    if (!values.length) control.value = "";
  } else {
    control.value = values[0] ?? "";
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const button of document.querySelectorAll("button[data-theirs]")) {
  const shown = button.closest(".theirs").querySelector(".theirs-value");
  const words = shown.textContent;
  const differs = shown.querySelector("mark");
  if (differs) shown.scrollTop = differs.offsetTop - shown.offsetTop - 40; // the first difference
  button.hidden = false;
  button.addEventListener("click", () => {
    let control;
    for (const [name, values] of Object.entries(JSON.parse(button.dataset.theirs))) {
      control = button.form.elements[name];
      if (control) take(control, values, words);
    }
    control?.focus();
  });
}
