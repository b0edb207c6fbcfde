// Sends every form of this page as nobody should: empty, and with texts too long, days that are none, numbers that are
// none. What is refused must come back with everything that was typed, a summary, and no failure of the server.
(async (done) => {
  const complaints = [];
  // Of a form with many fields each is shorter, so that all of it is still a text of one megabyte.
  const long = (form) => "长".repeat(form.elements.length > 25 ? 900 : 4100);
  const kindOf = (form) => `${form.getAttribute("action").replace(/[0-9a-f-]{36}|\d+/g, "{}")} ${[...form.elements].map((it) => it.name).join()}`;
  const worst = (form, field) => {
    if (field.type === "date") return "31-02-2018";
    if (field.inputMode === "decimal" || field.inputMode === "numeric" || field.type === "number") return "十二";
    return long(form);
  };
  const filled = (form, worse) => {
    const sent = [];
    for (const field of form.elements) {
      if (!field.name || field.disabled || field.type === "file" || field.type === "submit" || field.tagName === "BUTTON") continue;
      if (field.type === "hidden") sent.push([field.name, field.value, false]);
      else if (field.type === "radio" || field.type === "checkbox") {
        if (worse && !sent.some(([name]) => name === field.name)) sent.push([field.name, field.value, true]);
      } else if (field.tagName === "SELECT") sent.push([field.name, worse ? field.options[field.options.length - 1]?.value ?? "" : "", worse]);
      else sent.push([field.name, worse ? worst(form, field) : "", worse && field.type !== "password"]);
    }
    const button = form.querySelector("button[name]");
    if (button) sent.push([button.name, button.value, false]);
    return sent;
  };
  const keeps = (page, name, value) => [...page.querySelectorAll(`[name="${CSS.escape(name)}"]`)].some((it) =>
    it.tagName === "TEXTAREA" ? it.textContent.replace(/^\n/, "") === value
      : it.tagName === "SELECT" ? [...it.options].some((option) => option.value === value && option.hasAttribute("selected"))
      : it.type === "radio" || it.type === "checkbox" ? it.value === value && it.hasAttribute("checked")
      : it.getAttribute("value") === value);
  let tried = 0;
  for (const form of document.querySelectorAll("main form[method=post], aside form[method=post]")) {
    const kind = kindOf(form);
    if (done.includes(kind)) continue;
    done.push(kind);
    for (const worse of [false, true]) {
      const sent = filled(form, worse);
      const body = form.enctype === "multipart/form-data" ? new FormData() : new URLSearchParams();
      for (const [name, value] of sent) body.append(name, value);
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" });
      tried++;
      if (answer.type === "opaqueredirect" || answer.status === 200) continue;
      const told = `${form.getAttribute("action")} ${worse ? "worst" : "empty"} → ${answer.status}`;
      if (answer.status >= 500) { complaints.push(told); continue; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector(".error-summary")) complaints.push(`${told}: no summary`);
      const lost = sent.filter(([name, value, typed]) => typed && !keeps(page, name, value)).map(([name]) => name);
      if (lost.length) complaints.push(`${told}: lost ${lost.join(", ")}`);
      if (answer.status === 422 && !page.querySelector("[aria-invalid], [data-wrong]")) complaints.push(`${told}: no field is marked`);
    }
  }
  return [complaints, done, tried];
})(DONE)
