// Comfort in the editor of definitions: line numbers, going to a fault's place, indenting, saving by keyboard. It works without this file.
"use strict";

const editor = document.querySelector("[data-editor]");

function numbered(area) {
  const gutter = document.createElement("pre");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true");
  area.before(gutter);
  const { paddingTop, paddingBottom, borderTopWidth } = getComputedStyle(area);
  gutter.style.paddingTop = `calc(${paddingTop} + ${borderTopWidth})`;
  gutter.style.paddingBottom = paddingBottom;
  let shown = 0;
  const count = () => {
    const lines = area.value.split("\n").length;
    if (lines !== shown) gutter.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
    shown = lines;
  };
  const follow = () => { gutter.scrollTop = area.scrollTop; };
  area.addEventListener("input", count);
  area.addEventListener("scroll", follow);
  count();
}

// The line above says how far the next one is indented.
function indented(event) {
  const area = event.target;
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = line.match(/^ */)[0] + (/:\s*$/.test(line) ? "  " : "");
  if (!indent) return;
  event.preventDefault();
  area.setRangeText("\n" + indent, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function goTo({ goto, line, column, length }) {
  const area = document.getElementById(goto);
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Number(column) - 1;
  area.focus();
  area.setSelectionRange(start, Math.min(start + Number(length), area.value.length));
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (line - 4) * height);
  area.scrollIntoView({ block: "nearest" });
}

// What is wrong is said as somebody types, a moment after the last key; only the answer to the last text is shown.
function followed(form, live) {
  let timer, asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.getAttribute("action")}/findings`, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (!answer.ok) return;
      live.innerHTML = await answer.text();
      live.hidden = false;
    } catch (error) {
      // another key was pressed meanwhile, or there is no network: what stands there stays
      if (error.name !== "AbortError" && error.name !== "TypeError") throw error;
    }
  };
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea") || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
}

if (editor) {
  for (const area of editor.querySelectorAll("textarea")) {
    numbered(area);
    area.addEventListener("keydown", indented);
  }
  editor.addEventListener("click", (event) => {
    const place = event.target.closest("[data-goto]");
    if (place) goTo(place.dataset);
  });
  const live = editor.querySelector("[data-live]");
  if (live) followed(editor, live);
  for (const button of editor.querySelectorAll("[data-confirm]")) {
    button.addEventListener("click", (event) => { if (!confirm(button.dataset.confirm)) event.preventDefault(); });
  }
  const texts = () => [...editor.querySelectorAll("textarea")].map((area) => area.value).join("\0");
  const opened = texts();
  let leaving = false;
  editor.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && texts() !== opened) event.preventDefault(); });
  editor.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      editor.querySelector("[value='save']").click();
    }
  });
}
