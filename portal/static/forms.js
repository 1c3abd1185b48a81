// Comfort in forms: fields that are asked for only sometimes, rows of tables, one's own position. Every form works without this file.
"use strict";

// What a form holds at this moment, by the names of the definition's fields.
function answers(form) {
  const found = {};
  for (const input of form.querySelectorAll("[name^='field.']")) {
    const name = input.name.slice("field.".length);
    if (name.includes(".")) continue;
    if (input.type === "checkbox") found[name] = (found[name] || []).concat(input.checked ? [input.value] : []);
    else if (input.type === "radio") found[name] = input.checked ? input.value : (found[name] ?? null);
    else found[name] = input.value === "" ? null : input.value;
  }
  return found;
}

// A condition as the server tells it: a list of its kind and its parts. What cannot be decided does not hold, as on the server.
const KINDS = {
  eq: (a, b) => same(a, b),
  ne: (a, b) => !same(a, b),
  gt: (a, b) => compared(a, b) > 0,
  gteq: (a, b) => compared(a, b) >= 0,
  lt: (a, b) => compared(a, b) < 0,
  lteq: (a, b) => compared(a, b) <= 0,
  in: (a, b) => within(a, b),
  notin: (a, b) => !within(a, b),
  filled: (a) => !empty(a),
  empty: (a) => empty(a),
};

function empty(value) {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function same(a, b) {
  if (typeof a === "boolean" || typeof b === "boolean") return truth(a) === truth(b);
  return a === null || b === null ? a === b : String(a) === String(b);
}

function truth(value) {
  return value === true || value === "yes" ? true : value === false || value === "no" ? false : null;
}

function compared(a, b) {
  if (empty(a) || empty(b)) throw new Error("nothing to compare");
  const numbers = [Number(a), Number(b)];
  if (!numbers.some(Number.isNaN)) return numbers[0] - numbers[1];
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function within(a, b) {
  if (empty(b)) throw new Error("nothing to look in");
  return Array.isArray(b) ? b.some((one) => same(a, one)) : String(b).includes(String(a));
}

function evaluated(tree, found) {
  const [kind, ...parts] = tree;
  switch (kind) {
    case "field": return found[parts[0]] ?? null;
    case "value": return parts[0];
    case "list": return parts.map((part) => evaluated(part, found));
    case "not": return !held(evaluated(parts[0], found));
    case "and": return held(evaluated(parts[0], found)) && held(evaluated(parts[1], found));
    case "or": return held(evaluated(parts[0], found)) || held(evaluated(parts[1], found));
    default: return KINDS[kind](...parts.map((part) => evaluated(part, found)));
  }
}

function held(value) {
  const decided = truth(value);
  if (decided === null) throw new Error("neither true nor false");
  return decided;
}

function holds(tree, found) {
  try {
    return held(evaluated(tree, found));
  } catch {
    return false;
  }
}

// Fields with a condition are there while it holds; what is hidden is not sent, and later conditions do not see it.
function settle(form) {
  const found = answers(form);
  for (const part of form.querySelectorAll("[data-when]")) {
    const shown = holds(JSON.parse(part.dataset.when), found);
    part.hidden = !shown;
    for (const input of part.querySelectorAll("input, select, textarea")) {
      input.disabled = !shown;
      if (!shown && input.name) found[input.name.slice("field.".length)] = null;
    }
  }
}

// Rows of a table: empty ones go, one is added at a time, each can be removed, and they are counted anew.
function renumber(rows) {
  const all = [...rows.querySelectorAll(":scope > [data-row]")];
  all.forEach((row, index) => {
    const title = row.querySelector("[data-number]");
    title.textContent = title.dataset.number.replace("-row-", index + 1);
    for (const part of row.querySelectorAll("[id], [name], [for]")) {
      for (const key of ["id", "name", "for", "aria-describedby"]) {
        const old = part.getAttribute(key);
        if (old) part.setAttribute(key, old.replace(/\.(\d+|-row-)\.(?=[^.]*(\.kept)?$)/, `.${index + 1}.`));
      }
    }
  });
  const least = Number(rows.dataset.least);
  for (const row of all) row.querySelector("[data-remove]").hidden = all.length <= least;
  rows.querySelector("[data-add]").hidden = all.length >= Number(rows.dataset.most);
}

function tabulate(rows) {
  const all = [...rows.querySelectorAll(":scope > [data-row]")];
  for (const row of all.slice(Number(rows.dataset.least))) if (row.matches("[data-spare]")) row.remove();
  rows.querySelector("[data-plain]").hidden = true;
  renumber(rows);
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target.matches("[data-add]")) {
      const added = rows.querySelector("template").content.firstElementChild.cloneNode(true);
      rows.querySelector("template").before(added);
      renumber(rows);
      added.querySelector("input, select, textarea").focus();
    } else if (event.target.matches("[data-remove]") && row) {
      row.remove();
      renumber(rows);
      (rows.querySelector("[data-add]:not([hidden])") || rows.querySelector("input"))?.focus();
    }
  });
}

// The position is asked of the browser alone, and only at a tap.
function locate(button) {
  const part = button.closest("[data-place]");
  const said = part.querySelector("[data-locate-said]");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const [longitude, latitude] = part.querySelectorAll(".place-point input");
      longitude.value = coords.longitude.toFixed(6);
      latitude.value = coords.latitude.toFixed(6);
      said.textContent = "";
    },
    () => { said.textContent = said.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000 },
  );
}

for (const form of document.querySelectorAll("form")) {
  if (form.querySelector("[data-when]")) {
    form.addEventListener("input", () => settle(form));
    form.addEventListener("change", () => settle(form));
    settle(form);
  }
}
for (const rows of document.querySelectorAll("[data-rows]")) tabulate(rows);
if (window.isSecureContext && navigator.geolocation) {
  for (const button of document.querySelectorAll("[data-locate]")) {
    button.hidden = false;
    button.addEventListener("click", () => locate(button));
  }
}

// The nearest station: the position is asked of the browser alone, at a tap, and only sent to find stations.
for (const button of document.querySelectorAll("[data-near]")) {
  if (!window.isSecureContext || !navigator.geolocation) continue;
  const said = document.querySelector("[data-near-said]");
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => near(button, `?latitude=${coords.latitude.toFixed(5)}&longitude=${coords.longitude.toFixed(5)}`, said),
    () => { said.textContent = said.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000 },
  ));
}

async function near(button, query, said) {
  if (!button.form?.matches("[data-draft]")) { location.assign(button.dataset.near + query); return; }
  const answer = await fetch(button.dataset.near + query);
  const found = document.createElement("div");
  if (answer.ok) found.innerHTML = await answer.text();
  const first = found.querySelector("input[type=radio]");
  if (!first) { said.textContent = said.dataset.failed; return; }
  const list = button.form.querySelector("[data-stations]");
  const select = button.form.querySelector("select[name=station]");
  if (list) list.replaceChildren(...found.childNodes);
  else if (select) select.value = first.value;
  said.textContent = `${said.dataset.found} ${first.closest("label").textContent.trim()}`;
  button.form.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was sent needs no draft any more.
for (const sent of document.querySelectorAll("[data-reported]")) {
  try { localStorage.removeItem(`draft:${sent.dataset.reported}`); } catch { /* nothing was kept */ }
}

// The receipt as a picture: drawn from its words and its QR code, so that nothing is asked of the server.
for (const button of document.querySelectorAll("[data-picture]")) {
  button.hidden = false;
  button.addEventListener("click", () => picture(button.dataset.picture));
}

function picture(name) {
  const slip = document.querySelector(".slip");
  const [canvas, lines] = [document.createElement("canvas"), [...slip.querySelectorAll("h1, .slip-head p, dt, dd, .slip-rest b")]];
  [canvas.width, canvas.height] = [720, 560 + 52 * lines.length];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fffdf8";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#211b17";
  pen.textAlign = "center";
  lines.forEach((line, at) => {
    pen.font = line.matches("h1, dd") ? "700 40px monospace" : "28px sans-serif";
    pen.fillText(line.textContent.trim(), 360, 70 + 52 * at, 680);
  });
  const drawn = new Image();
  drawn.onload = () => {
    pen.drawImage(drawn, 160, 80 + 52 * lines.length, 400, 400);
    const link = Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: `${name}.png` });
    link.click();
  };
  const svg = slip.querySelector(".qr svg").cloneNode(true);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("width", "400");
  svg.setAttribute("height", "400");
  drawn.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
}
