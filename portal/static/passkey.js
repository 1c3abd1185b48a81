// Passkeys: the browser asks the device, and a form carries its answer. Everything works without this file, with passphrase and code.
"use strict";
(() => {
  const forms = [...document.querySelectorAll("form[data-passkey]")];
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function made(options) {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, challenge: bytes(options.challenge), user, excludeCredentials: named(options.excludeCredentials) };
    const found = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = found.response;
    return written(found, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
  }

  async function shown(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
    if (userHandle && userHandle.byteLength) response.userHandle = text(userHandle);
    return written(found, response);
  }

  const written = (found, response) => JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response });

  async function question(form) {
    const body = new URLSearchParams();
    for (const field of form.elements) if (field.name && field.name !== "credential") body.set(field.name, field.value);
    const answer = await fetch(form.dataset.challenge, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok) return answer.json();
    // an answer that is no JSON is a page: the log-in has ended meanwhile
    const said = await answer.json().catch(() => ({ message: form.dataset.stale }));
    throw new Error(said.message);
  }

  function say(form, words) {
    const place = form.querySelector("[data-passkey-said]");
    place.textContent = words;
    place.hidden = !words;
    if (words) place.focus();
  }

  function why(form, error) {
    if (error.name === "InvalidStateError") return form.dataset.known;
    if (error.name === "NotAllowedError" || error.name === "AbortError") return form.dataset.stopped;
    // what the house said; what a browser says is in its own words, or in none
    return error.constructor === Error ? error.message : form.dataset.failed;
  }

  async function ask(form, button) {
    say(form, "");
    button?.setAttribute("aria-disabled", "true");
    form.dataset.busy = "yes";
    try {
      const options = await question(form);
      form.elements.credential.value = await (form.dataset.passkey === "create" ? made(options) : shown(options));
      for (const field of form.querySelectorAll("[type=password]")) field.disabled = true;
      form.submit();
    } catch (error) {
      say(form, why(form, error));
      button?.removeAttribute("aria-disabled");
      delete form.dataset.busy;
    }
  }

  for (const form of forms) {
    const elsewhere = location.origin !== form.dataset.origin;
    const note = document.querySelector(elsewhere ? "[data-passkey-elsewhere]" : "[data-passkey-none]");
    if (note) note.hidden = !elsewhere;
    if (elsewhere) {
      for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = true;
      continue;
    }
    form.hidden = false;
    for (const beside of document.querySelectorAll("[data-passkey-beside]")) beside.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!form.dataset.busy) ask(form, event.submitter);
    });
  }

  // coming back with the browser's button, it can be tried again
  window.addEventListener("pageshow", () => {
    for (const form of forms) {
      delete form.dataset.busy;
      for (const field of form.querySelectorAll("[type=password]")) field.disabled = false;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });
})();
