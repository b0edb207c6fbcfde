// The record of a visit: only the questions that the answers call for are shown. Without script all of them stand there,
// each with its condition in words; the server drops what a hidden one says.
const form = document.querySelector('form[data-keep="record"]');
const asks = [...(form?.querySelectorAll("[data-when]") ?? [])];
const said = (name) => [...form.elements].filter((it) => it.name === name && it.checked && !it.closest("[hidden]")).map((it) => it.value);
const show = () => {
  // In the order of the questions, so that what hangs on a hidden one is hidden too.
  for (const ask of asks) {
    const wanted = ask.dataset.is.split(" ");
    ask.hidden = !said(ask.dataset.when).some((it) => wanted.includes(it));
  }
};
form?.addEventListener("input", show);
form?.addEventListener("reset", () => setTimeout(show));
if (form) show();
