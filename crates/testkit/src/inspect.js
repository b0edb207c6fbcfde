// What a careful reader would complain about on this page: words in the wrong language, text that is cut, a closing mark
// at the start of a line, a page wider than its window. Returns sentences.
(() => {
  const found = new Set();
  const root = document.documentElement;
  const english = root.lang.startsWith("en");
  const chinese = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;
  const foreign = (text) => (english ? chinese.test(text) : !chinese.test(text) && /[a-z]{3,}/.test(text));
  const ours = (element) => element.closest("[lang]") === root && !element.closest("code, kbd, script, style, textarea, [translate=no]");
  const where = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`;
  if (root.scrollWidth > innerWidth) found.add(`wider than the window: ${root.scrollWidth} > ${innerWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let looked = 0;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const [text, element] = [node.data.trim(), node.parentElement];
    if (!text || !element) continue;
    if (ours(element) && foreign(text)) found.add(`language: ${where(element)} "${text.slice(0, 60)}"`);
    if (!chinese.test(text) || text.length < 12 || element.tagName === "OPTION" || looked++ > 400) continue;
    const range = document.createRange();
    const box = (at) => (range.setStart(node, at), range.setEnd(node, at + 1), range.getBoundingClientRect());
    for (let at = 1; at < node.data.length; at++) {
      if (!"，。、；：！？）》”’".includes(node.data[at]) || /\s/.test(node.data[at - 1])) continue;
      const [before, mark] = [box(at - 1), box(at)];
      if (mark.height && before.height && mark.top > before.bottom - 2) found.add(`line begins with a mark: "${text.slice(0, 40)}"`);
    }
  }
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt], [data-says], [data-label]")) {
    for (const name of ["title", "aria-label", "placeholder", "alt", "data-says", "data-label"]) {
      const text = element.getAttribute(name);
      if (text && ours(element) && foreign(text)) found.add(`language: ${where(element)} ${name}="${text.slice(0, 60)}"`);
    }
  }
  for (const element of document.querySelectorAll("button, a.button, .badge, .light, .count, summary, legend, label, h1, h2, th, dt, dd, .tabs a, .bar a")) {
    const style = getComputedStyle(element);
    if (element.closest(".cut, .unseen") || style.overflowX === "visible" || style.overflowX === "auto") continue;
    if (element.scrollWidth > element.clientWidth + 1) found.add(`cut: ${where(element)} "${element.textContent.trim().slice(0, 40)}"`);
  }
  return [...found];
})()
