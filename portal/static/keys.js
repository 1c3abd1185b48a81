// The keys of the lists. Everything works without this file; a switch turns the single keys off.
"use strict";
(() => {
  const OFF = "huying-keys-off";
  const map = document.getElementById("keys-map");
  const rows = () => [...document.querySelectorAll("[data-list] tbody tr, [data-list] li.record")];
  const shown = (element) => element && element.getClientRects().length > 0;
  let at = rows().findIndex((row) => row.classList.contains("open"));
  let last = null;
  let going = false;
  let timer = 0;

  const boxes = () => [...document.querySelectorAll("[data-list] tbody input[type=checkbox]")];
  const wide = () => window.matchMedia("(min-width: 60rem)").matches;

  // how many are chosen, and that the address says which
  function chosen() {
    const checked = boxes().filter((box) => box.checked);
    for (const box of boxes()) box.closest("tr").classList.toggle("on", box.checked);
    const label = document.querySelector("[data-chosen]");
    if (label) label.textContent = label.dataset.chosen.replace("#", checked.length);
    const bar = document.querySelector(".bulk");
    if (bar) bar.hidden = checked.length === 0;
    const all = document.querySelector("[data-all]");
    if (all) {
      all.checked = checked.length > 0 && checked.length === boxes().length;
      all.indeterminate = checked.length > 0 && !all.checked;
    }
    const address = new URL(location.href);
    if (checked.length) address.searchParams.set("checked", checked.map((box) => box.value).join("."));
    else address.searchParams.delete("checked");
    if (address.href !== location.href && location.pathname === "/issues") history.replaceState(history.state, "", address);
  }

  function go(step) {
    const found = rows();
    if (!found.length) return;
    at = Math.min(found.length - 1, Math.max(0, at + step));
    const link = found[at].querySelector("[data-row]");
    link.focus();
    found[at].scrollIntoView({ block: "nearest" });
    // an issue beside the list follows, once the hand rests
    window.clearTimeout(timer);
    if (document.getElementById("pane") && wide()) timer = window.setTimeout(() => link.click(), 150);
  }

  function toggle(range) {
    const found = boxes();
    const here = Math.max(0, at);
    if (!found[here]) return;
    const value = range ? true : !found[here].checked;
    const [from, to] = range && last !== null ? [Math.min(last, here), Math.max(last, here)] : [here, here];
    for (let one = from; one <= to; one += 1) found[one].checked = value;
    last = here;
    chosen();
  }

  function escape() {
    const open = document.querySelector(".drop[open], .act[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (boxes().some((box) => box.checked)) {
      for (const box of boxes()) box.checked = false;
      chosen();
    } else return false;
    return true;
  }

  // what stands on the button: in the bar over chosen issues first, then beside the list, then on the page, then in the head
  function press(key) {
    const found = [".bulk", "#pane", "main", "body"].flatMap((place) => [
      ...document.querySelectorAll(`${place} [data-key="${CSS.escape(key)}"]`),
    ]);
    const button = found.find(shown);
    if (!button) return false;
    if (button.matches("input, textarea")) button.focus();
    else {
      button.click();
      if (button.matches("summary") && button.parentElement.open) {
        button.parentElement.querySelector("select, textarea, input:not([type=hidden])")?.focus();
      }
    }
    return true;
  }

  function single(event) {
    const key = event.key.toLowerCase();
    if (going) {
      going = false;
      const place = map?.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (place) location.assign(place.dataset.address);
      return Boolean(place);
    }
    switch (key) {
      case "j": go(1); return true;
      case "k": go(-1); return true;
      case "x": toggle(event.shiftKey); return true;
      case "g": going = true; window.setTimeout(() => { going = false; }, 1500); return true;
      case "?": map?.showModal(); return Boolean(map);
      case "e":
        if (press("e")) return true;
        rows()[at]?.querySelector("[data-row]")?.click();
        return at >= 0;
      default: return press(key);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (map?.open) return;
    if (event.key === "Escape") {
      if (escape()) event.preventDefault();
      return;
    }
    if (localStorage.getItem(OFF) || event.key.length !== 1) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (single(event)) event.preventDefault();
  });

  // where the focus goes, the keys go on from
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-list] tbody tr, [data-list] li.record");
    if (row) at = rows().indexOf(row);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-all]")) for (const box of boxes()) box.checked = field.checked;
    if (field.matches(".list-form [type=checkbox]")) chosen();
    // a choice over the list sends itself
    if (field.matches("[data-sends]")) field.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) escape();
  });
  // a form over the list says nothing of what was not chosen
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action='/issues']")) return;
    for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  });

  // what only a script makes use of, and what only stands there without one
  function ready() {
    const clear = document.querySelector("[data-clear]");
    if (clear) clear.hidden = false;
    for (const button of document.querySelectorAll("[data-sent-by-script]")) button.hidden = true;
    chosen();
  }

  const off = document.querySelector("[data-keys-off]");
  if (off) {
    off.checked = Boolean(localStorage.getItem(OFF));
    off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "yes") : localStorage.removeItem(OFF)));
  }

  // an issue put beside the list: its row stands out, and on a phone it takes the list's place
  document.body.addEventListener("htmx:afterSwap", (event) => {
    // another list, found as one types
    if (document.getElementById("list") && event.detail.target?.id === "list") {
      at = -1;
      last = null;
      ready();
    }
    if (event.target.id !== "pane") return;
    document.querySelector(".list-pane").classList.add("list-folded");
    for (const row of rows()) row.classList.toggle("open", row === rows()[at]);
    rows()[at]?.classList.add("seen");
  });
  // the address of the issue beside the list came without what had been chosen meanwhile
  document.body.addEventListener("htmx:pushedIntoHistory", chosen);

  // the list stays where it was
  const scroll = document.querySelector("[data-list]");
  if (scroll) {
    const place = `huying-scroll:${location.pathname}${new URL(location.href).searchParams.get("sort") || ""}`;
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    const same = new URL(location.href);
    for (const word of ["open", "checked", "layout", "show"]) same.searchParams.delete(word);
    if (kept && kept.list === same.href) scroll.scrollTop = kept.top;
    window.addEventListener("pagehide", () => sessionStorage.setItem(place, JSON.stringify({ list: same.href, top: scroll.scrollTop })));
  }
  ready();
})();
