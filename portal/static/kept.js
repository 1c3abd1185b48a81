// Decisions kept on this device: what is written is kept at each pause, so that a visit without a connection loses nothing. Pages work without it.
"use strict";
(() => {
  const PREFIX = "huying-kept:";
  const DAYS = 14;
  const LEFT_OUT = new Set(["form_token", "request_id"]);

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) || "null");
    } catch {
      return null;
    }
  }

  function write(key, kept) {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  }

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const drop = (key) => localStorage.removeItem(key);

  function values(form) {
    // of files the names alone: photos.js keeps what is in them
    return [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && (typeof value === "string" || value.name)).map(([name, value]) => [name, value.name ?? value]);
  }

  function fill(form, kept) {
    for (const field of form.elements) {
      if (!field.name || LEFT_OUT.has(field.name) || field.type === "file") continue;
      const said = kept.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = said.includes(field.value);
      else if (said.length) field.value = said[0];
    }
    form.dispatchEvent(new Event("change"));
  }

  // What was sent and came back without errors is kept no more, nor what is old.
  const wrong = document.querySelector(".error-summary");
  for (const key of keys()) {
    const kept = read(key);
    if (!kept || (kept.sent && !wrong) || Date.now() - kept.at > DAYS * 86400000) drop(key);
  }

  for (const form of document.querySelectorAll("form[data-kept]")) {
    const key = PREFIX + form.dataset.kept;
    const status = document.createElement("p");
    status.className = "hint";
    status.setAttribute("role", "status");
    const say = (words) => {
      status.textContent = words + " ";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-btn";
      button.textContent = form.dataset.keptDrop;
      button.addEventListener("click", () => { drop(key); status.textContent = ""; window.dispatchEvent(new Event("huying:kept")); });
      status.append(button);
    };
    form.querySelector(".act-bar").before(status);
    const untouched = JSON.stringify(values(form));
    const keep = (sent) => {
      const now = values(form);
      if (JSON.stringify(now) === untouched && !read(key)) return;
      if (write(key, { at: Date.now(), values: now, sent }) && !sent) say(form.dataset.keptSaid);
      window.dispatchEvent(new Event("huying:kept"));
    };
    const kept = read(key);
    if (kept && !wrong) {
      fill(form, kept.values);
      say(form.dataset.keptSaid);
      form.closest(".choice-form")?.previousElementSibling?.click();
    }
    let pause = 0;
    form.addEventListener("input", () => {
      window.clearTimeout(pause);
      pause = window.setTimeout(() => keep(false), 500);
    });
    form.addEventListener("submit", (event) => {
      window.clearTimeout(pause);
      keep(navigator.onLine);
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(form.dataset.keptOffline);
    });
  }

  // In the list of one's work: where something is kept that nobody has sent.
  const list = document.querySelector("[data-kept-list]");
  const unsent = [];
  for (const link of list ? list.querySelectorAll("a[data-kept-of]") : []) {
    if (!keys().some((key) => key.startsWith(`${PREFIX}${link.dataset.keptOf}-`))) continue;
    const tag = document.createElement("span");
    tag.className = "tag tag-blue";
    tag.textContent = list.dataset.keptList;
    link.after(tag);
    unsent.push(link.dataset.keptOf.split("-").slice(1).join("-"));
  }
  // several of them are sent from one page
  const round = document.querySelector("[data-kept-round]");
  if (round && unsent.length > 1) {
    round.href = `/tasks/round?${unsent.map((one) => `task=${one}`).join("&")}`;
    round.textContent = round.dataset.keptRound.replace("#", unsent.length);
  }

  // Whoever logs out leaves nothing behind on a device that others may use.
  for (const form of document.querySelectorAll("form[action='/logout']")) {
    form.addEventListener("submit", () => keys().forEach(drop));
  }
})();
