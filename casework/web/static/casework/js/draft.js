// A long form is kept on the server while it is filled in: fifteen seconds after something
// was changed, and when the page goes. When nothing can be kept the page says so and goes
// on trying; what was typed stays where it is.

import { token } from "./token.js";

const WAIT = 15 * 1000; // milliseconds

function begin(place) {
  const form = place.closest("form");
  const address = new URL(place.dataset.draft, location.href).href;
  let timer = 0; // there is something to save
  let saving = null;
  let isFailing = false;

  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (typeof value !== "string") data.delete(name);
    }
    data.delete("csrfmiddlewaretoken"); // the header brings the one that counts
    return data;
  }
  function say(html) {
    if (place.innerHTML !== html) place.innerHTML = html;
  }
  function fail(why) {
    isFailing = true;
    say(form.querySelector(`[data-draft-${why}]`).innerHTML);
    later();
  }
  function later() {
    timer ||= setTimeout(() => save(), WAIT);
  }
  function settle() {
    clearTimeout(timer);
    timer = 0;
  }

  async function send(isLast) {
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        body: typed(),
        headers: { "X-CSRFToken": token(), "X-Draft": place.dataset.person },
        redirect: "manual",
        keepalive: isLast, // a large body may not ask for it
      });
    } catch {
      return fail("failed");
    }
    if (answer.type === "opaqueredirect") return fail("ended");
    if (![200, 409, 422].includes(answer.status)) return fail("failed");
    isFailing = answer.status === 409;
    if (isFailing) later();
    say(await answer.text());
    if (answer.ok) document.dispatchEvent(new Event("casework:seen"));
  }
  function save(isLast = false) {
    settle();
    const sent = send(isLast);
    saving = sent;
    sent.finally(() => {
      if (saving === sent) saving = null;
    });
    return sent;
  }

  form.addEventListener("input", later);
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (submitter?.formAction === address) {
      event.preventDefault();
      save();
    } else if (saving) {
      // What is on its way as a draft must not arrive after the act that ends it.
      event.preventDefault();
      await saving;
      form.requestSubmit(submitter);
    }
  });
  // After session.js, which may find that nobody is logged in.
  document.addEventListener("submit", (event) => {
    const isLeaving = event.target === form || event.target.matches("[data-drop-draft]");
    if (isLeaving && !event.defaultPrevented) settle();
  });
  function leave() {
    if (timer) save(true);
  }
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else if (isFailing) save();
  });
  addEventListener("focus", () => isFailing && save());
}

const place = document.querySelector("[data-draft]");
if (place) begin(place);
