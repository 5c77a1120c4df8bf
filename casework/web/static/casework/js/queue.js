// The queue by keyboard: j and k move from row to row, x selects, a takes on, o and
// Enter open. The keys stand on buttons (`data-keys`), which keyboard.js presses.

const queue = document.getElementById("queue");
const wide = matchMedia("(min-width: 1360px)");

const all = (selector) => [...queue.querySelectorAll(selector)];
const rows = () => all("[data-row]");
const boxes = () => all('input[name="case"]');
const current = () => queue.querySelector("[data-row].is-open");

function open(row) {
  if (row === current()) return;
  const before = current();
  before?.classList.remove("is-open");
  before?.querySelector("a").removeAttribute("data-keys");
  row.classList.add("is-open");
  row.querySelector("a").dataset.keys = "o"; // with and without the preview
  if (wide.matches) htmx.ajax("GET", row.dataset.peek, { target: "#peek", swap: "innerHTML" });
}

function move(step) {
  const list = rows();
  const from = list.indexOf(current());
  const next = list[from < 0 ? 0 : Math.min(Math.max(from + step, 0), list.length - 1)];
  next?.querySelector("a").focus();
}

function count() {
  const bar = queue.querySelector("[data-bulk]");
  if (!bar) return;
  const picked = boxes().filter((box) => box.checked).length;
  bar.hidden = picked === 0;
  bar.querySelector("[data-unpick]").hidden = false;
  bar.querySelector("[data-picked]").textContent = picked;
  const every = queue.querySelector("[data-picks-all]");
  if (every) every.checked = picked === boxes().length;
}

function pick(box, checked) {
  if (!box) return;
  box.checked = checked;
  count();
}

function arrive() {
  for (const part of all("[data-moves], [data-picks-all]")) part.hidden = false;
  count();
}

queue.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) open(row);
});
queue.addEventListener("pointerover", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && wide.matches && event.pointerType === "mouse") settle(row);
});

let waiting;
function settle(row) {
  clearTimeout(waiting);
  waiting = setTimeout(() => row.matches(":hover") && open(row), 250);
}

queue.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.move) move(Number(button.dataset.move));
  if (button && "pick" in button.dataset) {
    const box = current()?.querySelector('input[name="case"]');
    pick(box, !box?.checked);
  }
  if (button && "unpick" in button.dataset) for (const box of boxes()) pick(box, false);
});
queue.addEventListener("change", (event) => {
  if ("picksAll" in event.target.dataset) for (const box of boxes()) box.checked = event.target.checked;
  count();
});
document.addEventListener("htmx:afterSettle", arrive);
arrive();
