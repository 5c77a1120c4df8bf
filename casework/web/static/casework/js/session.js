// Half an hour of silence ends the session. Two minutes before, the page asks; it goes to
// the server only when the person chooses to stay, and it never touches what was filled in.
// What was typed is sent only while somebody is logged in: the log-in page would replace it.

import { token } from "./token.js";

const WARNING = 120; // seconds
const SEEN = "casework.seen"; // when any window of this browser last asked the server

const dialog = document.getElementById("session-warning");
const lasting = Number(dialog.dataset.seconds);

const now = () => Date.now() / 1000;
const left = () => Number(localStorage.getItem(SEEN)) + lasting - now();
const seen = () => localStorage.setItem(SEEN, String(now()));
const over = () => localStorage.setItem(SEEN, "0"); // in every window, until one logs in
let isUnreachable = false;

function show(state) {
  for (const part of dialog.querySelectorAll("[data-state]")) {
    part.hidden = part.dataset.state !== state;
  }
  if (!dialog.open) dialog.showModal();
}

function look() {
  if (isUnreachable) return;
  const seconds = left();
  if (seconds > WARNING) {
    if (dialog.open) dialog.close();
  } else if (seconds > 0) {
    const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
    const rest = String(Math.floor(seconds % 60)).padStart(2, "0");
    dialog.querySelector("[data-left]").textContent = `${minutes}:${rest}`;
    show("ending");
  } else {
    show("ended");
  }
}

// A new log-in makes the old forms' tokens void.
function renew() {
  const fresh = token();
  if (!fresh) return;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    field.value = fresh;
  }
  for (const place of document.querySelectorAll("[hx-headers]")) {
    place.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": fresh }));
  }
}

// Say whether the server is there and somebody is logged in; the dialog says it if not.
async function reach() {
  let answer;
  try {
    answer = await fetch(dialog.dataset.address, { redirect: "manual" });
  } catch {
    isUnreachable = true;
    show("unreachable");
    return false;
  }
  isUnreachable = false;
  if (answer.type === "opaqueredirect") {
    over();
    look();
    return false;
  }
  seen();
  return true;
}

async function stay() {
  if (await reach()) dialog.close();
}

for (const button of dialog.querySelectorAll("[data-stay]")) {
  button.addEventListener("click", stay);
}
dialog.addEventListener("close", () => {
  isUnreachable = false;
});
// Drafts that a page keeps in this browser end with the session that wrote them.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-log-out]")) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("casework.draft.")) localStorage.removeItem(key);
  }
});
const typed = new WeakSet();
document.addEventListener("input", ({ target }) => {
  if (target.form) typed.add(target.form);
});
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  renew();
  if (event.defaultPrevented || form.method !== "post" || !typed.has(form)) return;
  event.preventDefault();
  if (!(await reach())) return;
  typed.delete(form);
  form.requestSubmit(submitter);
});
document.addEventListener("htmx:afterRequest", seen);
document.addEventListener("casework:seen", seen);
seen();
setInterval(look, 1000);
