// What was typed survives a lost session; the record of a visit also a closed tab, for it is written on a phone at the
// doorstep. The first is kept in the tab's own storage, the second on the machine under the person's id, until the form
// was taken, the person signed out, or a week went by.
const WEEK = 7 * 86_400_000;
// A number made here as the server makes them: the time first, the rest by chance.
export const fresh = () => {
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
  row.querySelectorAll(".error, [data-photo]").forEach((it) => it.remove());
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
    else if (it.type === "file") it.value = "";
    else if ("value" in it && it.name) it.value = it.defaultValue = "";
  });
  last.after(row);
  return row;
};
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const drafts = () => Object.keys(localStorage).filter((it) => it.startsWith("zf-draft:"));
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
for (const key of drafts()) if (!(Date.now() - read(key)?.at < WEEK)) localStorage.removeItem(key);
for (const form of document.querySelectorAll("form[data-keep]")) {
  const long = form.dataset.by !== undefined;
  // The revision is part of the key: once a step was taken, what was typed for it is not offered again.
  const key = `${long ? `zf-draft:${form.dataset.by}` : "zf"}:${form.getAttribute("action")}:${(form.elements.seen ?? form.elements.subject)?.value ?? ""}`;
  // The ids of rows are kept with them: what was sent once is known by them.
  const fields = () => [...form.querySelectorAll("input:not([type=password]):not([type=file]), textarea, select")]
    .filter((field) => field.type !== "hidden" || /\.\d+\.(id|photo)$/.test(field.name));
  const kept = long ? read(key)?.values : JSON.parse(sessionStorage.getItem(key) ?? "null");
  form.zfPhotos = kept?.filter(([name]) => name.endsWith(".photo"));
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
  const says = form.querySelector("[data-kept]");
  const clock = (at) => new Date(at).toTimeString().slice(0, 5);
  const told = (at) => { if (says) says.textContent = `${says.dataset.kept} ${clock(at)}`; };
  if (kept && long) told(read(key).at);
  const keep = () => {
    const values = fields().map((field) => [field.name, isTicked(field) ? field.checked : field.value]);
    if (!long) return sessionStorage.setItem(key, JSON.stringify(values));
    const at = Date.now();
    localStorage.setItem(key, JSON.stringify({ at, title: form.dataset.title, href: form.getAttribute("action"), values }));
    told(at);
  };
  form.addEventListener("submit", () => { if (says) says.textContent = `${says.dataset.sending}…`; });
  form.addEventListener("input", keep);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=more]:not([data-plain])");
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
// A visit's page says which revision stands: what was typed for an older one has been taken.
const taken = document.querySelector("[data-taken]");
for (const key of taken ? drafts() : []) {
  const it = read(key);
  if (it.href === taken.dataset.taken && Number(key.split(":").at(-1)) < Number(taken.dataset.revision)) localStorage.removeItem(key);
}
// The drafts of whoever is signed in, on his home.
const list = document.querySelector("[data-drafts]");
for (const key of list ? drafts().filter((it) => it.startsWith(`zf-draft:${list.dataset.drafts}:`)) : []) {
  const it = read(key);
  const link = Object.assign(document.createElement("a"), { href: it.href, textContent: it.title, lang: "zh-CN" });
  const when = Object.assign(document.createElement("p"), { className: "meta", textContent: new Date(it.at).toLocaleString(document.documentElement.lang) });
  const item = document.createElement("li");
  item.append(link, when);
  list.querySelector("ul").append(item);
  list.hidden = false;
}
// Who signs out leaves nothing for the next one at this machine.
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => {
  sessionStorage.clear();
  for (const key of drafts()) localStorage.removeItem(key);
});
// A filter chosen is a filter asked for; without script the button does it.
document.querySelector("form.filters")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
document.getElementById("error")?.focus();
