// Photos of a visit: only after consent, made small before they are sent, each can go.

import { fileOf, put, small } from "./visit-files.js";

export function enhance(place, words, changed) {
  const input = place.querySelector("input[type=file]");
  const strip = place.querySelector("[data-shots]");
  const chooser = place.querySelector("[data-chooser]");
  const count = place.querySelector("[data-count]");
  const consent = document.getElementById(place.dataset.consent);
  const most = Number(input.dataset.most);
  let shots = []; // {name, address}
  const mistake = document.createElement("p");
  mistake.className = "cw-mistake";
  mistake.setAttribute("role", "alert");
  input.classList.add("cw-unseen");
  chooser.classList.add("is-add");
  strip.hidden = false;
  strip.before(mistake);
  const add = document.createElement("li");
  add.append(chooser);

  function draw() {
    put(input, shots.map(fileOf));
    const shown = shots.map((shot, index) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = shot.address;
      image.alt = words.photo.replace("{n}", index + 1);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", words.remove.replace("{n}", index + 1));
      remove.addEventListener("click", () => {
        shots.splice(index, 1);
        draw();
        changed();
        input.focus();
      });
      item.append(image, remove);
      return item;
    });
    const room = shots.length < most;
    add.hidden = !room;
    strip.replaceChildren(...shown, add);
    count.textContent = shots.length ? words.photos.replace("{n}", shots.length) : "";
    allow();
  }
  function allow() {
    input.disabled = !consent.checked;
    chooser.classList.toggle("is-off", !consent.checked);
  }
  input.addEventListener("change", async () => {
    mistake.textContent = "";
    // The input holds only what was chosen now; `draw` puts everything back into it.
    for (const file of [...input.files].slice(0, most - shots.length)) {
      try {
        shots.push(await small(file));
      } catch {
        mistake.textContent = words.bad.replace("{name}", file.name);
      }
    }
    draw();
    changed();
  });
  consent.addEventListener("change", () => {
    if (!consent.checked) shots = []; // without consent nothing of them is kept
    draw();
    changed();
  });
  draw();

  return {
    name: input.name,
    get count() {
      return shots.length;
    },
    kept: () => shots,
    bring(kept) {
      shots = consent.checked ? kept.slice(0, most) : [];
      draw();
    },
  };
}
