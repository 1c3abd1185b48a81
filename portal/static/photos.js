// Photos that belong to a decision kept on this device: a phone that closes the page without a connection still has them. Pages work without it.
"use strict";
(() => {
  const PREFIX = "huying-kept:";
  const BYTES = 60000000;
  const forms = [...document.querySelectorAll("form[data-kept]")];

  const answered = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

  // whatever the browser refuses (private windows, a full disk) leaves the page as it is without this file
  async function shelf(mode) {
    const opening = indexedDB.open("huying-kept", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos");
    const opened = await answered(opening);
    opened.onversionchange = () => opened.close();
    return opened.transaction("photos", mode).objectStore("photos");
  }

  // A photo goes with its decision: what was sent, forgotten or is old takes it along.
  async function sweep() {
    const there = await shelf("readwrite");
    for (const key of await answered(there.getAllKeys())) {
      if (localStorage.getItem(PREFIX + key.split("|")[0]) === null) there.delete(key);
    }
  }

  async function keep(form, field) {
    const files = [...field.files];
    const key = `${form.dataset.kept}|${field.name}`;
    const there = await shelf("readwrite");
    if (!files.length) {
      there.delete(key);
      return;
    }
    const others = (await answered(there.getAllKeys())).filter((one) => one !== key);
    let size = files.reduce((sum, one) => sum + one.size, 0);
    for (const one of others) size += (await answered(there.get(one))).reduce((sum, file) => sum + file.size, 0);
    // more than a phone should be asked to hold: they stay in the page alone
    if (size <= BYTES) there.put(files, key);
  }

  async function restore(form, field) {
    if (localStorage.getItem(PREFIX + form.dataset.kept) === null || field.files.length) return;
    const files = await answered((await shelf("readonly")).get(`${form.dataset.kept}|${field.name}`));
    if (!files) return;
    const held = new DataTransfer();
    for (const file of files) held.items.add(file);
    field.files = held.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const quietly = (work) => work.catch(() => {});
  const decided = (form) => localStorage.getItem(PREFIX + form.dataset.kept) !== null;
  const fields = forms.flatMap((form) => [...form.querySelectorAll("input[type=file]")].map((field) => [form, field]));
  const shelved = new WeakMap();

  // never before the decision itself is kept: until then nothing would say whose they are
  async function follow() {
    await sweep();
    for (const [form, field] of fields) {
      if (!decided(form)) shelved.delete(field);
      else if (field.files.length && shelved.get(field) !== field.files) {
        shelved.set(field, field.files);
        await keep(form, field);
      }
    }
  }

  quietly(sweep());
  for (const [form, field] of fields) {
    field.addEventListener("change", () => decided(form) && quietly(keep(form, field)));
    quietly(restore(form, field));
  }
  window.addEventListener("huying:kept", () => quietly(follow()));
  for (const form of document.querySelectorAll("form[action='/logout']")) {
    form.addEventListener("submit", () => indexedDB.deleteDatabase("huying-kept"));
  }
})();
