// Photos while recording: each is made small and sent as soon as it was taken, and shown with a way to take it out. What
// cannot be sent stays in the field and goes with the form.
import { fresh } from "./keep.js";
const SIDE = 2000;
// A telephone's picture is ten times what a screen shows. Where the browser cannot make it smaller it goes as it is.
const small = async (file) => {
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (share === 1 && file.size < 1_500_000) return file;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(picture.width * share), Math.round(picture.height * share)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
};
// The names follow the row, which may have been copied.
const show = (field, id) => {
  const row = field.closest(".taking");
  if (row.querySelector(`input[type=hidden][value="${id}"]`)) return;
  const item = document.createElement("li");
  item.dataset.photo = "";
  const frame = document.createElement("span");
  frame.className = "frame";
  const picture = document.createElement("img");
  [picture.src, picture.alt, picture.width, picture.height] = [`${field.dataset.upload}/${id}`, field.dataset.label, 160, 120];
  frame.append(picture);
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: field.name.replace(/file$/, "photo"), value: id });
  const label = document.createElement("label");
  label.className = "choice";
  const out = Object.assign(document.createElement("input"), { type: "checkbox", name: field.name.replace(/file$/, "drop"), value: id });
  const words = document.createElement("span");
  words.textContent = field.dataset.out;
  label.append(out, words);
  item.append(frame, hidden, label);
  row.querySelector("[data-photos]").append(item);
};
const send = async (field) => {
  const says = field.closest(".taking").querySelector("[data-says]");
  const left = new DataTransfer();
  const files = [...field.files];
  for (const [i, file] of files.entries()) {
    says.textContent = `${field.dataset.wait} ${i + 1}/${files.length}`;
    const id = fresh();
    try {
      const address = `${field.dataset.upload}?id=${id}&name=${encodeURIComponent(file.name)}`;
      const reply = await fetch(address, { method: "POST", body: await small(file), headers: { "content-type": "application/octet-stream" } });
      if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).detail ?? "");
      show(field, id);
    } catch (error) {
      left.items.add(file);
      says.dataset.why = error.message ?? "";
    }
  }
  field.files = left.files;
  says.textContent = left.files.length ? field.dataset.failed : "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-upload]") && event.target.files.length) send(event.target);
});
// The button is for those without script.
for (const button of document.querySelectorAll("button[data-plain]")) button.hidden = true;
// What keep.js kept of an earlier sitting.
for (const form of document.querySelectorAll("form[data-keep]")) {
  for (const [name, id] of form.zfPhotos ?? []) {
    const field = form.querySelector(`input[type=file][name="${name.replace(/photo$/, "file")}"]`);
    if (field && id) show(field, id);
  }
}
