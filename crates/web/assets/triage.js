// The triage desk: what follows from a choice is shown at once, and what was selected stays selected from page to page.
import "./keys.js";

const form = document.getElementById("decide");
const chosen = (name) => form?.querySelector(`input[name="${name}"]:checked`);
const leads = form?.querySelector('fieldset[data-mode="u"]');

const caption = () => {
  const [verb, unit] = [document.getElementById("verb"), chosen("lead")];
  if (verb) verb.textContent = unit ? verb.dataset.to + unit.parentElement.querySelector("[data-label]").textContent : verb.dataset.bare;
};

// The unit that usually leads in this category, unless another was chosen by hand.
const suggest = (category) => {
  const due = document.getElementById("due");
  if (due && category.dataset.due) due.textContent = category.dataset.due;
  let why = leads?.querySelector(".why");
  if (leads && !why) {
    why = document.createElement("span");
    why.className = "why";
    leads.querySelector("legend").append(" ", why);
  }
  if (why) why.textContent = category.dataset.why ?? "";
  if (!leads || leads.dataset.byHand === "" || !category.dataset.lead) return;
  const usual = leads.querySelector(`input[value="${category.dataset.lead}"]`);
  if (usual) usual.checked = true;
  // For whoever keeps what stands in the form.
  form.dispatchEvent(new Event("input"));
};

form?.addEventListener("input", (event) => {
  if (event.target.name === "category") suggest(event.target);
  if (event.target.name === "lead") leads.dataset.byHand = "";
  caption();
});
// What was typed before may have come back by now.
const category = chosen("category");
if (category && document.getElementById("due")) document.getElementById("due").textContent = category.dataset.due;
caption();

const pick = document.getElementById("pick");
const current = document.querySelector(".queue > [aria-current]");
current?.scrollIntoView({ block: "nearest" });
const PICKED = "zf:picked";
const kept = new Set(JSON.parse(sessionStorage.getItem(PICKED) ?? "[]"));
const boxes = [...(pick?.querySelectorAll("input[name=no]") ?? [])];
const count = () => {
  const picked = boxes.filter((it) => it.checked);
  document.getElementById("picked")?.replaceChildren(picked.length ? String(picked.length) : "");
  sessionStorage.setItem(PICKED, JSON.stringify(picked.map((it) => it.value)));
};
for (const box of boxes) if (kept.has(box.value)) box.checked = true;
if (pick) count();
pick?.addEventListener("input", count);
// Once they lie on the page of several, the selection has done its work.
pick?.addEventListener("submit", () => sessionStorage.removeItem(PICKED));
