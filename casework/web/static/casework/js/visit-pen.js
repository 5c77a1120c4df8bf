// A signature drawn with a finger, a pen or the mouse, put into its file input as a PNG.

import { fileOf, put } from "./visit-files.js";

const INK = "#19212c"; // dark on white in every theme: it is printed
const MOST = 100 * 1024; // bytes

export function enhance(place, words, changed) {
  const input = place.querySelector("input[type=file]");
  const legend = document.getElementById(`${input.id}_who`);
  const pen = document.createElement("div");
  pen.className = "cw-pen";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const hint = document.createElement("span");
  hint.className = "cw-hand";
  hint.textContent = words.here;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "cw-link";
  again.textContent = words.again;
  again.setAttribute("aria-label", `${words.again}：${legend.textContent}`);
  const scan = document.createElement("label");
  scan.className = "cw-link cw-scan";
  scan.htmlFor = input.id;
  scan.textContent = words.scan;
  pen.append(canvas, hint, again);
  input.classList.add("cw-unseen");
  input.setAttribute("aria-labelledby", `${input.id}_who`);
  input.before(pen);
  input.after(scan);

  let kept = null; // {name, address}
  let strokes = 0;
  const told = () => {
    hint.hidden = strokes > 0 || kept !== null;
    again.hidden = kept === null;
    const said = kept ? words.signed : words.here;
    canvas.setAttribute("aria-label", `${legend.textContent}：${said}`);
  };

  function ground() {
    const box = canvas.getBoundingClientRect();
    const scale = Math.min(devicePixelRatio || 1, 2);
    canvas.width = Math.round(box.width * scale);
    canvas.height = Math.round(box.height * scale);
    const ink = canvas.getContext("2d");
    ink.scale(scale, scale);
    ink.lineWidth = 2.6;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = ink.fillStyle = INK;
    return ink;
  }

  let ink = ground();
  let last = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    if (strokes === 0 && kept) clear();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    strokes += 1;
    ink.beginPath();
    ink.arc(...last, 1.3, 0, 7);
    ink.fill();
    told();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    ink.beginPath();
    ink.moveTo(...last);
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      last = at(part);
      ink.lineTo(...last);
    }
    ink.stroke();
  });
  const lift = () => {
    if (!last) return;
    last = null;
    const address = canvas.toDataURL("image/png");
    if (address.length * 0.75 > MOST) return clear();
    hold({ name: "signature.png", address });
    changed();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  again.addEventListener("click", () => {
    clear();
    changed();
    canvas.scrollIntoView({ block: "nearest" });
  });
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    // A scan is sent as it was chosen; only a drawing is kept in the draft.
    ink = ground();
    strokes = 0;
    kept = { name: input.files[0].name, address: "" };
    hint.textContent = input.files[0].name;
    told();
    hint.hidden = false;
    changed();
  });

  function hold(drawing) {
    kept = drawing;
    put(input, [fileOf(drawing)]);
    told();
  }
  function clear() {
    ink = ground();
    strokes = 0;
    kept = null;
    hint.textContent = words.here;
    put(input, []);
    told();
  }
  told();

  return {
    name: input.name,
    get isSigned() {
      return kept !== null;
    },
    kept: () => (kept?.address ? [kept] : []),
    bring([drawing]) {
      const image = new Image();
      image.onload = () => {
        ink = ground();
        const box = canvas.getBoundingClientRect();
        ink.drawImage(image, 0, 0, box.width, box.height);
      };
      image.src = drawing.address;
      hold(drawing);
    },
  };
}
