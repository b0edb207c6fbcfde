// Suggestions under the search field: asked for while one types, chosen with the arrow keys. Without script, or when the
// network is slow, Enter leads to the page of the search.
const field = document.querySelector('form[action="/search"] input[name=text]');
const place = field?.form;
if (field) {
  const box = document.createElement("div");
  box.className = "find-box";
  box.hidden = true;
  place.append(box);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "find-hits"]]) {
    field.setAttribute(name, value);
  }
  let asked = "";
  let waiting = 0;
  let running = null;
  const options = () => [...box.querySelectorAll("[role=option]")];
  const chosen = () => box.querySelector("[aria-selected=true]");
  const close = () => {
    box.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };
  const show = (html) => {
    box.innerHTML = html;
    options().forEach((it, at) => { it.id = `find-${at}`; });
    box.hidden = options().length === 0;
    field.setAttribute("aria-expanded", String(!box.hidden));
    field.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    running?.abort();
    if (!text) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`/search/fast?text=${encodeURIComponent(text)}`, { signal: running.signal });
      // Signed out meanwhile, or refused: then the page of the search says so.
      if (answer.ok && !answer.redirected && asked === text) show(await answer.text());
    } catch {
      // A question that was overtaken by the next one, or no network.
    }
  };
  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  field.addEventListener("compositionend", ask);
  field.addEventListener("focus", () => { if (asked && asked === field.value.trim() && options().length) box.hidden = false; });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      box.hidden = false;
      field.setAttribute("aria-expanded", "true");
      const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? all.length - 1 : at - 1;
      choose(all[next] ?? null);
    } else if (event.key === "Enter" && chosen() && !box.hidden) {
      event.preventDefault();
      location.assign(chosen().dataset.href);
    }
  });
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
  field.addEventListener("blur", close);
}
