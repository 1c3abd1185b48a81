// The intake desk by keyboard. Everything here can be done with Tab and Enter alone; browsers that keep F1 or F10 for themselves have Alt.
"use strict";

{
  const desk = document.querySelector("[data-intake]");

  // Who is calling and what may be the same, as it is entered; without a script the button asks for it.
  let asked = 0;
  function look() {
    clearTimeout(asked);
    asked = setTimeout(() => {
      if (window.htmx) htmx.ajax("POST", "/intake/look", { source: desk, target: "#known", swap: "innerHTML", values: {} });
    }, 300);
  }

  if (desk) {
    desk.addEventListener("input", (event) => {
      // what is answered or chosen says nothing of who calls, or of what may be the same
      if (event.target.name !== "same" && event.target.name !== "action" && !event.target.closest(".choice-form") && !event.isComposing) look();
    });
    const find = desk.querySelector("[data-look]");
    // it is looked for by itself; Tab goes on to what is asked next
    if (window.htmx) find.tabIndex = -1;
    find.addEventListener("click", (event) => {
      if (!window.htmx) return;
      event.preventDefault();
      look();
    });
    // Another process or station asks other things.
    for (const select of desk.querySelectorAll("[data-redo]")) {
      select.addEventListener("change", () => desk.requestSubmit(find));
    }
    // The only one who is known by the number is most likely who calls.
    document.body.addEventListener("htmx:afterSwap", () => {
      const known = desk.querySelectorAll("[data-caller]");
      const name = desk.querySelector("#name");
      if (known.length === 1 && name && !name.value) name.value = known[0].dataset.caller;
    });
    if (!document.querySelector(".error-summary")) desk.querySelector("#phone, #name")?.focus();
  }

  // How long the call lasts: from the first thing that is entered, also when something was missing and the page came back.
  const clock = desk?.querySelector("[data-call]");
  if (clock) {
    const KEY = "huying-call";
    let begun = document.querySelector(".error-summary") ? Number(sessionStorage.getItem(KEY)) : 0;
    const show = () => {
      const calls = desk.querySelector("[name=channel]:checked")?.value === "phone";
      const seconds = Math.max(0, Math.floor((Date.now() - begun) / 1000));
      clock.hidden = !begun || !calls;
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    desk.addEventListener("input", () => {
      if (!begun) begun = Date.now();
      sessionStorage.setItem(KEY, String(begun));
      show();
    });
    setInterval(show, 1000);
    show();
  }

  // Who rings: looked for again and again, beside the form and never in it. A caller who is taken over is written into an empty desk alone;
  // while another matter is being filled in, the desk of the new one opens beside it.
  const ringing = desk && document.querySelector("[data-ringing]");
  if (ringing) {
    const LOOK = 1500;
    let shown = "";
    const ring = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch("/calls/ringing", { headers: { "HX-Request": "true" } });
          const said = answer.ok ? await answer.text() : "";
          const part = document.createElement("div");
          part.innerHTML = said;
          const key = [...part.querySelectorAll("[data-call-id]")].map((one) => `${one.dataset.callId} ${one.textContent}`).join();
          if (key !== shown) {
            shown = key;
            ringing.replaceChildren(...part.childNodes);
          }
        } catch {
          // the house is away for a moment; it is asked again
        }
      }
      setTimeout(ring, LOOK);
    };
    ring();
    ringing.addEventListener("submit", async (event) => {
      const form = event.target;
      const phone = desk.querySelector("#phone");
      const filled = [...desk.querySelectorAll("input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea")].some((one) => one.value && one.value !== one.defaultValue);
      if (filled || !phone || phone.value) {
        form.target = "_blank";
        return;
      }
      event.preventDefault();
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok || !answer.url.includes("/intake")) return;
      phone.value = form.dataset.callerNumber;
      desk.querySelector("[name=call]").value = form.dataset.callId;
      const way = desk.querySelector("#channel-phone");
      if (way) way.checked = true;
      form.remove();
      phone.dispatchEvent(new Event("input", { bubbles: true }));
      (phone.value ? desk.querySelector("#name") || phone : phone).focus();
    });
  }

  const bears = (one, key) => one.matches(`[data-function="${key}"]`);

  function press(one) {
    if (one.type === "radio") {
      one.checked = true;
      one.dispatchEvent(new Event("input", { bubbles: true }));
      one.dispatchEvent(new Event("change", { bubbles: true }));
    } else one.click();
  }

  function nextColumn() {
    const columns = [...desk.querySelectorAll(".intake > section")];
    const here = columns.findIndex((one) => one.contains(document.activeElement));
    columns[(here + 1) % columns.length].querySelector("input:not([type=hidden]), select, textarea, a")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const bound = [...document.querySelectorAll("[data-function], [data-alt]")];
    const alone = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    let found = null;
    if (alone && !event.altKey) found = bound.find((one) => bears(one, event.key));
    if (alone && event.altKey) found = bound.find((one) => one.dataset.alt && `Key${one.dataset.alt.toUpperCase()}` === event.code) || bound.find((one) => `Digit${one.dataset.alt}` === event.code);
    if (!found && desk && event.key === "Enter" && event.ctrlKey) found = desk.querySelector("[data-function='F9']");
    if (!found && desk && event.key === "k" && event.ctrlKey) found = desk.querySelector("[data-look]");
    if (found) {
      event.preventDefault();
      press(found);
      return;
    }
    if (desk && ((alone && event.key === "F6") || (event.altKey && event.code === "KeyG"))) {
      event.preventDefault();
      nextColumn();
      return;
    }
    // A digit chooses in the group that has the focus, and nowhere else.
    const group = document.activeElement?.matches("input[type=radio], input[type=checkbox]") ? document.activeElement.closest("fieldset") : null;
    if (group && alone && !event.altKey && /^[0-9]$/.test(event.key)) {
      const choices = [...group.querySelectorAll(":scope > .options input, :scope > .choices > input")];
      const chosen = choices.find((one) => one.dataset.key === event.key) || (choices.some((one) => one.dataset.key) ? null : choices[Number(event.key) - 1]);
      if (!chosen) return;
      event.preventDefault();
      // the group around this one is not meant
      event.stopImmediatePropagation();
      chosen.focus();
      press(chosen);
    }
  }, true);
}
