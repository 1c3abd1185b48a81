// Comfort while reporting: a draft that survives a lost connection, the kind guessed, twins shown, the nearest station. The form works without this file.
"use strict";

const form = document.querySelector("form[data-draft]");
const said = form.querySelector("[data-draft-said]");
const clear = form.querySelector("[data-draft-clear]");
const KEY = `draft:${form.dataset.draft}`;

function inputs() {
  return [...form.querySelectorAll("input, select, textarea")].filter(
    (one) => one.name && !["file", "search"].includes(one.type) && one.name !== "form_token",
  );
}

function tell(words) {
  said.textContent = words.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
  said.hidden = false;
}

// What stands in the form, with the key of this request: sent twice, it is one report.
function kept() {
  const found = {};
  for (const one of inputs()) {
    if (["radio", "checkbox"].includes(one.type)) { if (one.checked) (found[one.name] ||= []).push(one.value); }
    else if (one.value) found[one.name] = [one.value];
  }
  return found;
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept()));
  } catch {
    return; // no room, or not allowed: the form works all the same
  }
  clear.hidden = false;
  tell(navigator.onLine ? said.dataset.kept : said.dataset.offline);
}

function restore() {
  let found = null;
  try { found = JSON.parse(localStorage.getItem(KEY)); } catch { return; }
  if (!found || "kept" in form.dataset) return;
  for (const one of inputs()) {
    const values = found[one.name];
    if (!values || early.includes(one) || given.has(one.name)) continue;
    if (["radio", "checkbox"].includes(one.type)) { one.checked = values.includes(one.value); if (one.checked) chosen.add(one.name); }
    else one.value = values[0];
  }
  const fold = [...form.querySelectorAll("details.fold")];
  for (const one of fold) if ([...one.querySelectorAll("input:not([type=radio], [type=checkbox]), textarea")].some((each) => each.value)) one.open = true;
  clear.hidden = false;
  tell(said.dataset.restored);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// The kind that the words speak of: two characters of its name, or a word of four letters and more, stand in what was written.
const chosen = new Set();

function pieces(title) {
  const han = title.match(/[\u3400-\u9fff]+/g) || [];
  const pairs = han.flatMap((run) => [...run].slice(0, -1).map((sign, at) => sign + [...run][at + 1]));
  return [...pairs, ...(title.toLowerCase().match(/[a-z]{4,}/g) || []).map((word) => word.replace(/(s|ing)$/, ""))];
}

function guess() {
  // what comes first says most: a street in the address is no matter of roads
  const [first, ...others] = [...form.querySelectorAll("input[type=text], input:not([type]), textarea")].map((one) => one.value.toLowerCase());
  const told = (piece) => (first?.includes(piece) ? 2 : 0) + (others.some((one) => one.includes(piece)) ? 1 : 0);
  const groups = new Map();
  for (const one of form.querySelectorAll("input[type=radio][name^='field.']")) groups.set(one.name, [...(groups.get(one.name) || []), one]);
  for (const [name, radios] of groups) {
    if (chosen.has(name) || radios.length < 3) continue;
    const scores = radios.map((one) => pieces(one.closest("label").textContent).reduce((sum, piece) => sum + told(piece), 0));
    const best = Math.max(...scores);
    if (best === 0 || scores.filter((one) => one === best).length > 1) continue;
    const right = radios[scores.indexOf(best)];
    if (right.checked) continue;
    right.checked = true;
    const group = right.closest("fieldset");
    let hint = group.querySelector("[data-guessed]");
    if (!hint) {
      hint = Object.assign(document.createElement("p"), { className: "hint" });
      hint.dataset.guessed = "";
      hint.setAttribute("role", "status");
      right.closest(".options").before(hint);
    }
    hint.textContent = form.dataset.guess;
  }
}

// What may be the same, asked for without files and without whatever is about the person.
let asked = "";

async function compare() {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && (/^(field\.|station$|form_token$)/.test(name))) body.append(name, value);
  const now = new URLSearchParams(body).toString();
  if (now === asked) return;
  asked = now;
  try {
    const answer = await fetch(form.dataset.alike, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok && asked === now) form.querySelector("[data-alike-list]").innerHTML = await answer.text();
  } catch {
    // without a connection nothing is compared, and the report can be written all the same
  }
}

let pause = 0;
form.addEventListener("input", (event) => {
  if (event.target.type === "radio") chosen.add(event.target.name);
  clearTimeout(pause);
  pause = setTimeout(() => { guess(); keep(); if (form.dataset.alike) compare(); }, 400);
});
form.addEventListener("submit", (event) => {
  clearTimeout(pause);
  keep();
  if (!navigator.onLine) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);
window.addEventListener("offline", () => tell(said.dataset.offline));
window.addEventListener("online", () => tell(said.dataset.kept));
clear.addEventListener("click", () => {
  localStorage.removeItem(KEY);
  form.reset();
  chosen.clear();
  said.hidden = clear.hidden = true;
  form.querySelector("input:not([type=hidden]), textarea").focus();
});

const options = form.querySelector("[data-stations]");
const seek = form.querySelector("[data-seek]");
if (seek) {
  let wait = 0;
  seek.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const answer = await fetch(`${seek.dataset.seek}?q=${encodeURIComponent(seek.value)}`);
      if (answer.ok) options.innerHTML = await answer.text();
    }, 300);
  });
}

// What the code on a poster said stands, whatever was written before.
const given = new Set((form.dataset.given || "").split(" ").filter(Boolean));
for (const one of inputs()) if (one.type === "radio" && one.checked && given.has(one.name)) chosen.add(one.name);
// Whoever writes while the page is still coming is not asked to write again: it counts as written, and no draft takes its place.
const early = inputs().filter((one) => (["radio", "checkbox"].includes(one.type) ? one.checked !== one.defaultChecked : one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue));
for (const one of early) if (one.type === "radio") chosen.add(one.name);
if ("kept" in form.dataset) for (const one of inputs()) if (one.type === "radio" && one.checked) chosen.add(one.name);
restore();
if (early.length) form.dispatchEvent(new Event("input"));
