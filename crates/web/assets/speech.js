// Dialogs instead of folds, toasts that leave by themselves, and the keys that work everywhere.
for (const fold of document.querySelectorAll("details[data-confirm]")) {
  const summary = fold.querySelector("summary");
  const dialog = document.createElement("dialog");
  dialog.append(fold.querySelector(".dialog"));
  dialog.setAttribute("aria-labelledby", dialog.querySelector("h2").id);
  dialog.querySelector(".hint")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = summary.textContent;
  button.addEventListener("click", () => dialog.showModal());
  const leave = document.createElement("button");
  leave.type = "button";
  leave.className = "quiet";
  leave.textContent = document.documentElement.lang.startsWith("en") ? "Leave it" : "不做了";
  leave.addEventListener("click", () => dialog.close());
  dialog.append(leave);
  fold.replaceWith(button, dialog);
}
for (const toast of document.querySelectorAll(".toast[data-toast]")) {
  // With a way back it stays as long as the way is open; its number counts down.
  const left = toast.querySelector("[data-left]");
  if (!left) {
    setTimeout(() => toast.remove(), 8000);
    continue;
  }
  const until = Date.now() + Number(left.dataset.left) * 1000;
  const tick = setInterval(() => {
    const seconds = Math.round((until - Date.now()) / 1000);
    left.textContent = String(Math.max(0, seconds));
    if (seconds > 0) return;
    clearInterval(tick);
    toast.remove();
  }, 500);
}
const writing = (element) => element?.closest("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  const field = document.querySelector('form[action="/search"] input[name=text]');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
