// Half an hour of silence ends the session. Two minutes before, the page asks; it goes to
// the server only when the person chooses to stay, and it never touches what was filled in.

const WARNING = 120; // seconds
const SEEN = "casework.seen"; // when any window of this browser last asked the server

const dialog = document.getElementById("session-warning");
const lasting = Number(dialog.dataset.seconds);

const now = () => Date.now() / 1000;
const left = () => Number(localStorage.getItem(SEEN)) + lasting - now();
const seen = () => localStorage.setItem(SEEN, String(now()));

function show(state) {
  for (const part of dialog.querySelectorAll("[data-state]")) {
    part.hidden = part.dataset.state !== state;
  }
  if (!dialog.open) dialog.showModal();
}

function look() {
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

// A new log-in makes the old forms' tokens void; take the new one from the page asked for.
function renew(page) {
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    field.value = fresh;
  }
  for (const place of document.querySelectorAll("[hx-headers]")) {
    place.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": fresh }));
  }
}

async function stay() {
  let answer;
  try {
    answer = await fetch(dialog.dataset.address);
  } catch {
    return show("unreachable");
  }
  if (answer.redirected) return show("ended");
  renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
  seen();
  dialog.close();
}

for (const button of dialog.querySelectorAll("[data-stay]")) {
  button.addEventListener("click", stay);
}
// Drafts that a page keeps in this browser end with the session that wrote them.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-log-out]")) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("casework.draft.")) localStorage.removeItem(key);
  }
});
document.addEventListener("htmx:afterRequest", seen);
seen();
setInterval(look, 1000);
