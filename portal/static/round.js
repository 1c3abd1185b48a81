// A round of visits: what was written for several tasks is sent one after another. Without this file each is sent by its own button.
"use strict";
(() => {
  const bar = document.querySelector("[data-round]");
  if (!bar) return;
  const said = bar.querySelector("[data-round-said]");
  const button = bar.querySelector("[data-round-send]");
  const visits = () => [...document.querySelectorAll("[data-visit]:not([data-visit-sent])")];
  let sending = false;

  // the decision that was chosen, if anything was written in it
  function written(visit) {
    const forms = [...visit.querySelectorAll("form[data-kept]")];
    const form = forms.find((one) => one.closest(".choice-form")?.previousElementSibling?.control?.checked) || (forms.length === 1 ? forms[0] : null);
    return form && localStorage.getItem(`huying-kept:${form.dataset.kept}`) ? form : null;
  }

  function count() {
    if (sending) return;
    const number = visits().filter(written).length;
    said.textContent = number ? bar.dataset.some.replace("#", number) : bar.dataset.none;
    if (!navigator.onLine) said.textContent += ` ${bar.dataset.away}`;
    button.hidden = number === 0;
    button.setAttribute("aria-disabled", String(!navigator.onLine));
  }

  function tell(visit, key) {
    const line = visit.querySelector("[data-visit-said]");
    line.textContent = bar.dataset[key];
    line.className = key === "over" ? "hint done" : "hint";
  }

  // true: sent, or refused for itself alone; false: no use to go on
  async function send(visit, form) {
    tell(visit, "sending");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    } catch {
      tell(visit, "away");
      return false;
    }
    if (new URL(answer.url).pathname === "/login" || answer.status === 401) {
      tell(visit, "signedOut");
      return false;
    }
    if (!answer.ok || !answer.redirected) {
      tell(visit, "refused");
      return true;
    }
    localStorage.removeItem(`huying-kept:${form.dataset.kept}`);
    visit.dataset.visitSent = "yes";
    visit.classList.add("visit-done");
    for (const field of visit.querySelectorAll("input, select, textarea, button")) field.disabled = true;
    tell(visit, "over");
    return true;
  }

  button.addEventListener("click", async () => {
    if (sending || !navigator.onLine) return;
    sending = true;
    for (const visit of visits()) {
      const form = written(visit);
      if (form && !(await send(visit, form))) break;
    }
    sending = false;
    count();
    document.querySelector("[data-visit-sent] [data-visit-said]")?.scrollIntoView({ block: "nearest" });
  });

  for (const name of ["online", "offline", "huying:kept"]) window.addEventListener(name, count);
  document.addEventListener("change", count);
  bar.hidden = false;
  count();
})();
