// Comfort only: every page works without this file.
"use strict";

// A second tap on a button does not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

// Coming back with the browser's button, the form can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// What is wrong, or was found, is read out and shown first.
document.querySelector(".error-summary, [data-result]")?.focus();

// Copying an address with one tap; without this it is selected and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Keys: digits choose, Ctrl+Enter sends, a letter or "/" follows whatever shows it. None of them while somebody writes, or composes pinyin.
const writes = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]");
const seen = (element) => element.offsetParent !== null || element.matches("input[type=radio]");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && event.ctrlKey) {
    const form = event.target.closest?.("form.decision") || [...document.querySelectorAll("form.decision")].find(seen);
    form?.querySelector(".btn-main")?.click();
    return;
  }
  if (event.ctrlKey || event.shiftKey || event.key.length !== 1 || writes(event.target)) return;
  // a list has keys of its own, these among them (keys.js)
  if (document.getElementById("keys-map")) return;
  if (localStorage.getItem("huying-keys-off") || document.querySelector("dialog[open]")) return;
  const key = CSS.escape(event.key.toLowerCase());
  // what stands on the page goes before what stands above every page
  const found = [...document.querySelectorAll(`main [data-key="${key}"]`), ...document.querySelectorAll(`[data-key="${key}"]`)].find(seen);
  if (!found) return;
  event.preventDefault();
  if (found.matches("input:not([type=radio])")) found.focus();
  else found.click();
});

// On a phone the facts are folded below the decision.
if (window.matchMedia("(max-width: 59.99rem)").matches && document.querySelector("#decide")) {
  for (const fold of document.querySelectorAll("aside > section > details.fold")) fold.open = false;
}
