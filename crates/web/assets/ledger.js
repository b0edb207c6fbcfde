// The ledger by hand: one tick for the whole page, how many are ticked, and keys for the rows.
const form = document.querySelector("form[data-chosen]");
const english = document.documentElement.lang.startsWith("en");
if (form) {
  const boxes = [...form.querySelectorAll("input[name=no]")];
  const count = form.querySelector("[data-count]");
  const asked = count.textContent;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", english ? "All of this page" : "选中本页");
  form.querySelector("th.choose")?.append(all);
  const tell = () => {
    const ticked = boxes.filter((it) => it.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked === 0 ? asked : english ? `${ticked} chosen:` : `已选${ticked}件：`;
    form.toggleAttribute("data-some", ticked > 0);
  };
  all.addEventListener("change", () => {
    for (const it of boxes) it.checked = all.checked;
    tell();
  });
  form.addEventListener("change", tell);
  // A step for none of them would only say that none was chosen.
  form.addEventListener("submit", (event) => {
    if (boxes.some((it) => it.checked)) return;
    event.preventDefault();
    count.textContent = english ? "Tick some rows first:" : "请先勾选几件：";
    boxes[0]?.focus();
  });
  // Who comes back finds the ticks as the browser kept them.
  window.addEventListener("pageshow", tell);
  tell();
}
const rows = [...document.querySelectorAll("main.ledger tbody tr")];
document.addEventListener("keydown", (event) => {
  if (rows.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]")) return;
  const at = rows.findIndex((it) => it.getAttribute("aria-current") === "true");
  if (event.key === "j" || event.key === "k") {
    const next = rows[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
    if (!next) return;
    rows[at]?.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("td.cut a")?.focus({ preventScroll: true });
  } else if (event.key === "x" && at >= 0) {
    rows[at].querySelector("input[name=no]")?.click();
  } else return;
  event.preventDefault();
});
// One menu open at a time, and none when one looks elsewhere.
const menus = [...document.querySelectorAll("details.menu")];
document.addEventListener("click", (event) => {
  for (const it of menus) if (!it.contains(event.target)) it.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const it of menus.filter((it) => it.open)) {
    it.open = false;
    it.querySelector("summary").focus();
  }
});
