// A word's meaning beside it, while the pointer rests there, while it has the focus, or after a touch. Without script the
// word is a link to the glossary.
let shown = null;
const hide = () => {
  shown?.removeAttribute("aria-describedby");
  document.querySelector(".says")?.remove();
  shown = null;
};
const show = (word) => {
  if (shown === word) return;
  hide();
  const says = document.createElement("div");
  says.className = "says";
  says.id = "says";
  says.setAttribute("role", "tooltip");
  says.textContent = word.dataset.says;
  document.body.append(says);
  word.setAttribute("aria-describedby", "says");
  shown = word;
  const [at, size] = [word.getBoundingClientRect(), says.getBoundingClientRect()];
  const below = at.bottom + 8 + size.height < innerHeight || at.top < size.height + 8;
  says.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  says.style.top = `${below ? at.bottom + 8 : at.top - size.height - 8}px`;
};
const word = (event) => event.target.closest?.(".term[data-says]");
document.addEventListener("mouseover", (event) => (word(event) ? show(word(event)) : event.target.closest?.(".says") || hide()));
document.addEventListener("focusin", (event) => (word(event) ? show(word(event)) : hide()));
// A first touch explains; the glossary is one more touch away.
document.addEventListener("click", (event) => {
  const it = word(event);
  if (it && event.detail > 0 && matchMedia("(hover: none)").matches && it.dataset.seen !== "yes") {
    event.preventDefault();
    it.dataset.seen = "yes";
    show(it);
  }
});
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { passive: true, capture: true });
