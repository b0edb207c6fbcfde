// What was typed survives a lost session or a closed tab: kept in the tab's own storage until the form was taken.
// A number made here as the server makes them: the time first, the rest by chance.
const fresh = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((it) => it.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
// One more row of a repeated group: a copy of the last, emptied, with the next number in its names.
const grow = (group) => {
  const rows = group.querySelectorAll("[data-row]");
  const last = rows[rows.length - 1];
  const row = last.cloneNode(true);
  const name = group.dataset.group;
  const [from, to] = [`${name}.${rows.length - 1}.`, `${name}.${rows.length}.`];
  row.querySelectorAll(".error").forEach((it) => it.remove());
  row.querySelectorAll("[data-wrong]").forEach((it) => it.removeAttribute("data-wrong"));
  row.querySelectorAll("*").forEach((it) => {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const value = it.getAttribute(attribute);
      if (value) it.setAttribute(attribute, value.replaceAll(from, to));
    }
    it.removeAttribute("aria-invalid");
    if (it.type === "checkbox") it.checked = it.defaultChecked = false;
    else if (it.tagName === "SELECT") it.selectedIndex = 0;
    else if (it.type === "hidden") it.value = fresh();
    else if ("value" in it && it.name) it.value = it.defaultValue = "";
  });
  last.after(row);
  return row;
};
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
for (const form of document.querySelectorAll("form[data-keep]")) {
  // The revision is part of the key: once a step was taken, what was typed for it is not offered again.
  const key = `zf:${form.getAttribute("action")}:${(form.elements.seen ?? form.elements.subject)?.value ?? ""}`;
  // The ids of rows are kept with them: what was sent once is known by them.
  const fields = () => [...form.querySelectorAll("input:not([type=password]):not([type=file]), textarea, select")]
    .filter((field) => field.type !== "hidden" || /\.\d+\.id$/.test(field.name));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && !document.querySelector(".error-summary")) {
    for (const group of form.querySelectorAll("[data-group]")) {
      const numbers = kept.filter(([name]) => name.startsWith(`${group.dataset.group}.`)).map(([name]) => Number(name.split(".")[1]));
      const wanted = Math.min(60, Math.max(-1, ...numbers) + 1);
      while (group.querySelectorAll("[data-row]").length < wanted) grow(group);
    }
    // By name, and by place among those of one name: a page may have gained or lost a field meanwhile.
    const waiting = new Map();
    for (const it of kept) waiting.set(it[0], [...(waiting.get(it[0]) ?? []), it]);
    for (const field of fields()) {
      const it = waiting.get(field.name)?.shift();
      if (!it) continue;
      if (isTicked(field)) field.checked = it[1];
      else field.value = it[1];
    }
  }
  const keep = () => {
    const values = fields().map((field) => [field.name, isTicked(field) ? field.checked : field.value]);
    sessionStorage.setItem(key, JSON.stringify(values));
  };
  form.addEventListener("input", keep);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=more]");
    if (!button) return;
    event.preventDefault();
    const row = grow(button.closest("[data-group]"));
    keep();
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}
// A registered report has a page of its own: its draft has done its work.
for (const [page, draft] of [[/^\/problems\/\d+$/, "/problems"], [/^\/visits\/\d+$/, "/visits"]]) {
  if (!page.test(location.pathname)) continue;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(`zf:${draft}:`)) sessionStorage.removeItem(key);
}
// Who signs out leaves nothing for the next one at this machine.
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => sessionStorage.clear());
// A filter chosen is a filter asked for; without script the button does it.
document.querySelector("form.filters")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
document.getElementById("error")?.focus();
