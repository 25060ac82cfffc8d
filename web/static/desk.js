/* The keyboard, and what makes the pages quicker. Everything also works without this file. */
"use strict";
(() => {
  const one = (what, from = document) => from.querySelector(what);
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  const say = (words) => { const place = one("#status"); if (place) { place.textContent = words; } };

  /* Rows: one is the present one; j and k move it, x selects it, Enter opens it. */
  let anchor = null;
  const rows = () => all("[data-rows] tbody tr[data-row]");
  const current = () => one("tr.cur");
  const move = (by) => {
    const found = rows();
    if (!found.length) { return; }
    const next = found[Math.max(0, Math.min(found.length - 1, found.indexOf(current()) + by))];
    if (current()) { current().classList.remove("cur"); }
    next.classList.add("cur");
    one("a", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const box = (row) => one('input[type="checkbox"]', row);
  const select = (row) => { const made = row && box(row); if (made) { made.checked = !made.checked; shown(); anchor = row; } };
  const selectRange = () => {
    const found = rows(), [from, to] = [found.indexOf(anchor), found.indexOf(current())];
    if (from < 0 || to < 0) { select(current()); return; }
    found.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((row) => { box(row).checked = true; });
    shown();
  };
  const shown = () => {
    const found = rows().filter((row) => box(row) && box(row).checked);
    rows().forEach((row) => row.classList.toggle("sel", Boolean(box(row) && box(row).checked)));
    all("[data-selected]").forEach((place) => { place.textContent = place.dataset.selected.replace("0", found.length); });
    all("[data-needs-rows]").forEach((button) => { button.disabled = !found.length; });
  };
  const clear = () => { rows().forEach((row) => { if (box(row)) { box(row).checked = false; } }); shown(); };

  /* Parts that are asked for by a key: data-key="c" on a link, a button or a field. */
  const pressed = (key) => {
    const row = current();
    const found = (row && one(`[data-key="${CSS.escape(key)}"]`, row)) || one(`[data-key="${CSS.escape(key)}"]`);
    if (!found || found.disabled) { return false; }
    if (found.matches("input, textarea, select")) { found.focus(); } else { found.click(); }
    return true;
  };
  const places = { l: "/", i: "/inbox", b: "/board", d: "/deviations", p: "/pathways" };
  let going = false;
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      const save = one("main [data-save]");
      const form = event.target.closest("main form") || (save && save.form);
      if (form) { event.preventDefault(); form.requestSubmit(one("[data-save]", form) || undefined); }
      return;
    }
    if (event.key === "Escape") { clear(); all("dialog[open]").forEach((open) => open.close()); if (typing(event.target)) { event.target.blur(); } return; }
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.body.dataset.keys === "off") { return; }
    if (going) { going = false; if (places[event.key]) { event.preventDefault(); location.assign(places[event.key]); } return; }
    const done = {
      g: () => { going = true; return true; },
      j: () => { move(1); return true; },
      k: () => { move(-1); return true; },
      x: () => { if (!current()) { return false; } select(current()); return true; },
      X: () => { selectRange(); return true; },
      "?": () => { const keys = one("#keys"); if (keys) { keys.showModal(); } return Boolean(keys); },
    }[event.key];
    if (done ? done() : pressed(event.key)) { event.preventDefault(); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-rows] input[type=checkbox]")) { anchor = event.target.closest("tr"); shown(); }
    if (event.target.matches("[data-all-rows]")) { rows().forEach((row) => { if (box(row)) { box(row).checked = event.target.checked; } }); shown(); }
    if (event.target.matches("form[data-at-once] *")) { event.target.form.requestSubmit(); }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) { event.preventDefault(); one(opener.dataset.opens).showModal(); }
    if (event.target.closest("[data-closes]")) { event.target.closest("dialog").close(); }
    if (event.target.closest("[data-clear]")) { event.preventDefault(); clear(); }
    if (event.target.closest("[data-prints]")) { event.preventDefault(); window.print(); }
  });

  /* Whoever opens the form of a view types its name: letters must not be taken for keys. */
  document.addEventListener("toggle", (event) => { if (event.target.matches("details.keep[open]")) { one("input[type=text]", event.target).focus(); } }, true);

  /* Days: a browser shows them in its own way, so they stand beside the field in words, too. */
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const inWords = (day) => (document.documentElement.lang === "en"
    ? ["day", "month", "year"].map((kind) => parts.formatToParts(day).find((one) => one.type === kind).value).join(" ")
    : parts.format(day));
  const spell = (field) => {
    if (!field.value && !field.dataset.spelled) { return; }
    let place = field.nextElementSibling;
    if (!place || !place.matches(".said")) { place = document.createElement("span"); place.className = "said s q nw"; field.after(place); }
    field.dataset.spelled = "yes";
    place.textContent = field.value ? inWords(field.valueAsDate) : "";
  };
  const spellAll = () => { all('input[type="date"]').forEach((field) => { if (field.value) { spell(field); } }); };
  document.addEventListener("input", (event) => { if (event.target.matches('input[type="date"]')) { spell(event.target); } });
  document.addEventListener("htmx:afterSwap", spellAll);

  /* A slider over the days: it fills in the field beside it, and shows that day a moment after it came to rest. */
  const day = 86400000;
  let resting = 0;
  all("[data-slides]").forEach((slider) => { slider.parentElement.hidden = false; });
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-slides]");
    if (!slider) { return; }
    const field = one(`#${slider.dataset.slides}`), there = new Date(Date.parse(slider.dataset.first) + slider.value * day);
    field.value = slider.value === slider.max ? "" : there.toISOString().slice(0, 10);
    slider.setAttribute("aria-valuetext", inWords(there));
    field.nextElementSibling.textContent = inWords(there);
    window.clearTimeout(resting);
    resting = window.setTimeout(() => { sessionStorage.setItem("slid", slider.id); slider.form.requestSubmit(); }, 900);
  });
  const slid = one(`#${sessionStorage.getItem("slid") || "none"}`);
  sessionStorage.removeItem("slid");
  if (slid) { slid.focus(); }
  spellAll();

  /* A form is sent once; what was typed stays until the answer is there. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => { all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }); shown(); });

  /* Slow network: what is there stays, framed, and after a while it is said that something comes. */
  let waiting = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.detail.target;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => { say(document.body.dataset.updating); place.classList.add("updating"); }, 400);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    window.clearTimeout(waiting);
    if (event.detail.target.classList.contains("updating")) { say(""); event.detail.target.classList.remove("updating"); }
  });

  /* Lost network: parts say so, and try again. */
  let tries = 0;
  const later = (event) => {
    tries += 1;
    const words = document.body.dataset.retry.replace("{n}", tries);
    say(words);
    const note = one("#offline");
    if (note) { note.hidden = false; note.textContent = words; }
    const by = event.detail.elt;
    if (event.detail.requestConfig.verb === "get") { window.setTimeout(() => window.htmx.trigger(by, "again"), 2000 * tries); }
  };
  document.addEventListener("htmx:sendError", later);
  /* The sign-in has ended: what was typed stays, and saving leads to signing in again. */
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status === 503) { later(event); return; }
    if (requestConfig.verb === "get" || (xhr.status !== 401 && xhr.status !== 403)) { return; }
    const note = one("#offline");
    say(document.body.dataset.ended);
    if (note) { note.hidden = false; note.textContent = document.body.dataset.ended; }
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) { return; }
    tries = 0;
    const note = one("#offline");
    if (note) { note.hidden = true; }
  });
  document.addEventListener("htmx:afterSwap", shown);
  shown();
})();
