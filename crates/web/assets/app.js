// What was typed survives a lost session or a closed tab: kept in the tab's own storage until the form was taken.
for (const form of document.querySelectorAll("form[data-keep]")) {
  // The revision is part of the key: once a step was taken, what was typed for it is not offered again.
  const key = `zf:${form.action}:${form.elements.seen?.value ?? ""}`;
  const fields = () => [...form.querySelectorAll("input:not([type=hidden]):not([type=password]):not([type=file]), textarea, select")];
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && !document.querySelector(".error-summary")) {
    fields().forEach((field, i) => {
      if (field.name !== kept[i]?.[0]) return;
      if (field.type === "checkbox") field.checked = kept[i][1];
      else if (!field.value || field.tagName === "SELECT") field.value = kept[i][1];
    });
  }
  form.addEventListener("input", () => {
    const values = fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
    sessionStorage.setItem(key, JSON.stringify(values));
  });
}
// A registered report has a page of its own: its draft has done its work.
if (/^\/problems\/\d+$/.test(location.pathname)) sessionStorage.removeItem(`zf:${location.origin}/problems:`);
// Who signs out leaves nothing for the next one at this machine.
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => sessionStorage.clear());
// A filter chosen is a filter asked for; without script the button does it.
document.querySelector("form.filters")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
document.getElementById("error")?.focus();
