// Keys that lead somewhere: each is written on the link it follows (`data-keys="g h"`).
// They can be switched off (WCAG 2.1.4), and rest while somebody is typing.

const SWITCH = "casework.shortcuts";
const PAUSE = 1000; // between the keys of one sequence, in milliseconds

const sheet = document.getElementById("shortcuts");
const choice = sheet.querySelector("[data-shortcuts-switch]");
let typed = [];
let typedAt = 0;

const active = () => localStorage.getItem(SWITCH) !== "off";
const writing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

// Press what the keys stand on, or go into it when it is a box; say whether another key could still complete them.
function follow(keys) {
  const wanted = keys.join(" ");
  const links = [...document.querySelectorAll("[data-keys]")];
  const link = links.find((link) => link.dataset.keys === wanted);
  if (link) writing(link) ? link.focus() : link.click();
  return !link && links.some((link) => link.dataset.keys.startsWith(`${wanted} `));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!active() || writing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return sheet.showModal();
  if (event.timeStamp - typedAt > PAUSE) typed = [];
  typedAt = event.timeStamp;
  typed.push(event.key);
  const goesOn = follow(typed);
  // The key that leads into a box is not its first letter.
  if (writing(document.activeElement)) event.preventDefault();
  if (!goesOn) typed = [];
});

choice.checked = active();
choice.addEventListener("change", () => {
  localStorage.setItem(SWITCH, choice.checked ? "on" : "off");
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
}
