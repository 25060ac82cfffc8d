/* Help for the words with a fixed meaning: pointed at, touched, or listed by "w". Without this file the page of words has them all. */
"use strict";
(() => {
  const main = document.querySelector("#main"), list = document.querySelector("#words"), print = document.body.dataset.words;
  if (!print || !list || !list.showPopover || document.querySelector(".glossary")) { return; }
  const language = document.documentElement.lang;
  const endings = language === "de" ? "(?:ern|em|en|er|es|e|n|s)?" : "(?:es|s)?";
  const quiet = "script, style, svg, textarea, select, input, code, kbd, .mono, .word, [contenteditable], [lang]:not(:root)";
  const open = "a, button, label, summary, [role=button]";

  const told = async () => {
    const key = `words.${language}.${print}`;
    const kept = sessionStorage.getItem(key);
    if (kept) { return JSON.parse(kept); }
    const answer = await fetch("/glossary");
    if (!answer.ok || answer.redirected) { return []; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll("dt[data-forms]")].map((one) => ({
      word: one.textContent, means: one.nextElementSibling.textContent, forms: one.dataset.forms.split("|").filter(Boolean),
    }));
    sessionStorage.setItem(key, JSON.stringify(found));
    return found;
  };

  let words = [], byForm = new Map(), pattern = null;
  const learn = (found) => {
    words = found;
    byForm = new Map(words.flatMap((one, at) => one.forms.map((form) => [form.toLowerCase(), at])));
    const forms = [...byForm.keys()].sort((a, b) => b.length - a.length).map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    pattern = new RegExp(`(?<![\\p{L}\\p{N}-])(${forms.join("|")})${endings}(?![\\p{L}\\p{N}]|-\\p{L})`, "giu");
  };

  /* Each word is marked where it stands; a text stays one part, so that nothing is moved. The way of the Tab key stays as it is. */
  const mark = (place) => {
    if (!pattern || !place) { return; }
    const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT, (node) =>
      (node.data.trim().length > 2 && !node.parentElement.closest(quiet) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT));
    const nodes = [];
    while (walk.nextNode()) { nodes.push(walk.currentNode); }
    for (const node of nodes) {
      const found = [...node.data.matchAll(pattern)];
      if (found.length) { const whole = document.createElement("span"); node.replaceWith(whole); whole.append(node); }
      for (const one of found.reverse()) {
        const at = byForm.get(one[1].toLowerCase()), rest = node.splitText(one.index);
        rest.splitText(one[0].length);
        const made = marked(at);
        rest.replaceWith(made);
        made.append(rest);
      }
    }
    place.querySelectorAll(".scroll").forEach(listDrawn);
  };
  const marked = (at, text = "") => {
    const made = document.createElement("span");
    made.className = "word";
    made.dataset.word = at;
    made.title = `${words[at].word}: ${words[at].means}`;
    made.append(text);
    return made;
  };

  /* Nothing can be marked inside a drawing: its words stand below it. */
  const listDrawn = (frame) => {
    const text = [...frame.querySelectorAll("svg text")].map((one) => one.textContent).join(" ");
    const found = [...new Set([...text.matchAll(pattern)].map((one) => byForm.get(one[1].toLowerCase())))];
    if (!found.length || frame.querySelector(":scope > .drawn")) { return; }
    const line = document.createElement("p");
    line.className = "drawn s q";
    line.append(`${document.body.dataset.drawn}: `, ...found.flatMap((at, place) => [place ? ", " : "", marked(at, words[at].word)]));
    frame.append(line);
  };

  /* A list of some words, above the page: Escape or a touch elsewhere closes it, and the focus goes back. */
  const show = (some) => {
    const rows = some.map((at) => {
      const name = document.createElement("dt"), means = document.createElement("dd");
      name.textContent = words[at].word;
      means.textContent = words[at].means;
      return [name, means];
    });
    list.querySelector("dl").replaceChildren(...rows.flat());
    list.querySelector(".none").hidden = rows.length > 0;
    list.showPopover();
    list.focus();
  };
  const here = () => [...new Set([...main.querySelectorAll(".word")].filter((one) => one.checkVisibility()).map((one) => Number(one.dataset.word)))]
    .sort((a, b) => words[a].word.localeCompare(words[b].word, language));
  document.addEventListener("click", (event) => {
    const word = event.target.closest(".word");
    if (word && !word.closest(open)) { show([Number(word.dataset.word)]); }
    if (event.target.closest("[data-words-here]")) { event.preventDefault(); show(here()); }
  });
  document.addEventListener("htmx:afterSwap", (event) => mark(event.detail.target));

  told().then((found) => { if (found.length) { learn(found); mark(main); main.dataset.marked = "yes"; } }, () => {});
})();
