// What is long and not asked for folds on a phone.
const phone = matchMedia("(max-width: 760px)");
for (const part of document.querySelectorAll("details[data-folds]")) part.open = !phone.matches;

// Menus close like menus: with Escape, or when something else is clicked.

const open = () => document.querySelectorAll("details[data-closes][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
