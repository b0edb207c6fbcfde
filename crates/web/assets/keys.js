// The keys of a page. What carries data-press is pressed by its key. The choices in a fieldset with data-mode are chosen
// by the keys printed on them: after the key of the fieldset, or at once where it carries data-direct; data-flip takes the
// other of two.
const WRITES = "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=hidden])";
const ACTS = "a[href], button, summary";
let mode = null;

// Where something lies folded, it is unfolded first.
const unfold = (element) => {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
};

const leave = () => {
  mode?.removeAttribute("data-active");
  mode = null;
};

const enter = (group) => {
  leave();
  // Of two there is nothing to choose but the other.
  if (group.hasAttribute("data-flip")) return group.querySelector("input:not(:checked)")?.click();
  mode = group;
  mode.setAttribute("data-active", "");
  unfold(group);
  group.scrollIntoView({ block: "nearest" });
  // Where Enter shall send the form of this group, one of its choices has to be looked at.
  const form = group.closest("form");
  const field = group.querySelector("input:checked") ?? group.querySelector("input") ?? form?.querySelector(WRITES);
  if (form && !form.querySelector("[data-press=Enter]")) field?.focus();
};

const choose = (group, key) => {
  const input = [...group.querySelectorAll("input[data-key]")].find((it) => it.dataset.key === key);
  if (!input) return false;
  unfold(input);
  input.click();
  return true;
};

const press = (element) => {
  if (!element.matches("details")) return element.click();
  element.open = true;
  element.querySelector(WRITES)?.focus();
};

document.addEventListener("keydown", (event) => {
  // An input method is at work, or the browser is meant.
  if (event.isComposing || event.altKey || event.metaKey) return;
  const target = event.target;
  if (target.closest("dialog")) return;
  if (target.matches(WRITES)) {
    if (event.key === "Escape") target.blur();
    if (event.key === "Enter" && event.ctrlKey && target.form) {
      event.preventDefault();
      target.form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey) return;
  const key = event.key === "？" ? "?" : event.key;
  if (key === "Escape") {
    leave();
    for (const fold of document.querySelectorAll("details[data-press][open]")) fold.open = false;
    return;
  }
  if (key === "Enter") {
    leave();
    // A key held down, or pressed twice, decides nothing that nobody can have read.
    const hasty = event.repeat || performance.now() < 300;
    // What is looked at is pressed, and a form that is not the page's own is sent by its own button.
    const main = document.querySelector("[data-press=Enter]");
    if (!main || target.matches(ACTS) || (target.form && target.form !== main.form)) return;
    event.preventDefault();
    if (!hasty) main.click();
    return;
  }
  if (key.length !== 1) return;
  if (mode) {
    const group = mode;
    leave();
    if (choose(group, key)) event.preventDefault();
    return;
  }
  const group = document.querySelector(`fieldset[data-mode="${CSS.escape(key)}"]`);
  const element = document.querySelector(`[data-press="${CSS.escape(key)}"]`);
  if (group) enter(group);
  else if (element) press(element);
  else if (![...document.querySelectorAll("fieldset[data-direct]")].some((it) => choose(it, key))) return;
  event.preventDefault();
});
