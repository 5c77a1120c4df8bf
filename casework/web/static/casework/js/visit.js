// The home visit on a phone: a draft in this browser, photos and signatures, and a queue
// of one that is sent as soon as there is a network. Without this the form works as any.

import { draftOf } from "./visit-draft.js";
import * as pen from "./visit-pen.js";
import * as photos from "./visit-photos.js";

const RETRY = 30 * 1000; // milliseconds
const NEVER_KEPT = ["csrfmiddlewaretoken", "version", "command"];

const clock = (at) =>
  new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

// `data-say-online` is `online`: the page brings its sentences in the reader's language.
const wordsOf = ({ dataset }) =>
  Object.fromEntries(
    Object.keys(dataset)
      .filter((key) => key.startsWith("say"))
      .map((key) => [key[3].toLowerCase() + key.slice(4), dataset[key]]),
  );

function begin(main, brought = null) {
  const visit = main.querySelector("[data-visit]");
  if (!visit) return;
  const form = visit.closest("form");
  const words = wordsOf(visit.querySelector("[data-words]"));
  const draft = draftOf(visit.dataset.owner, visit.dataset.case);
  const note = visit.querySelector("[data-kept]");
  const parts = visit.querySelector("[data-parts]");
  const sections = [...visit.querySelectorAll("[data-part]")];
  let queued = false;
  let sending = false;
  let timer = 0;
  let saving = 0;
  let spoken = "";

  const signatures = [...visit.querySelectorAll("[data-sign]")].map((place) =>
    pen.enhance(place, words, changed),
  );
  const shots = photos.enhance(visit.querySelector("[data-photos]"), words, changed);
  const pictures = [shots, ...signatures];

  const field = (name) => form.elements.namedItem(name);
  function fields() {
    const told = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string" || NEVER_KEPT.includes(name)) continue;
      (told[name] ??= []).push(value);
    }
    return told;
  }
  function save() {
    clearTimeout(saving);
    const files = Object.fromEntries(pictures.map((each) => [each.name, each.kept()]));
    const version = field("version").value;
    const command = field("command").value;
    const whole = draft.keep({ fields: fields(), files, version, command, queued });
    say(whole ? "" : words.full);
  }
  function changed() {
    clearTimeout(saving);
    saving = setTimeout(save, 400);
    progress();
  }

  function say(text) {
    spoken = text;
    const at = clock(draft.read()?.at ?? Date.now());
    const plain = navigator.onLine ? words.online : words.offline;
    const told = filled(text || plain, { time: at, photos: shots.count });
    note.hidden = false;
    note.classList.toggle("is-warn", !navigator.onLine || Boolean(text));
    note.querySelector("span").textContent = told;
  }
  function progress() {
    const isFull = (section) =>
      [...section.querySelectorAll("input, select, textarea")].some((each) =>
        each.type === "checkbox" || each.type === "radio"
          ? each.checked
          : each.type !== "file" && each.value.trim(),
      ) || section.querySelector("[data-shots] img");
    const states = sections.map((section) =>
      section.matches("[data-signatures]")
        ? signatures.every((each) => each.isSigned)
        : Boolean(isFull(section)),
    );
    const done = states.filter(Boolean).length;
    parts.hidden = false;
    parts.setAttribute("aria-label", filled(words.progress, { n: done, all: states.length }));
    parts.replaceChildren(
      ...states.map((isDone) => {
        const item = document.createElement("li");
        if (isDone) item.className = "is-done";
        return item;
      }),
    );
    const signed = signatures.filter((each) => each.isSigned).length;
    visit.querySelector("[data-signatures] [data-count]").textContent = filled(
      words.signatures,
      { n: signed },
    );
  }

  function bring(kept, { isWhole }) {
    if (isWhole) {
      for (const each of form.elements) {
        const values = kept.fields[each.name];
        if (!each.name || NEVER_KEPT.includes(each.name)) continue;
        if (each.type === "checkbox" || each.type === "radio") {
          each.checked = values?.includes(each.value) ?? false;
        } else if (each.type !== "file" && values) {
          each.value = values[0];
        }
      }
    }
    for (const each of pictures) {
      if (kept.files[each.name]?.length) each.bring(kept.files[each.name]);
    }
  }

  async function send() {
    if (sending) return;
    save();
    if (!navigator.onLine) return wait();
    sending = true;
    say(words.sending);
    try {
      if (!(await renew())) return say(words.ended);
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Draft": "1" },
      });
      if (answer.redirected) return say(words.ended);
      if (answer.headers.get("content-type")?.startsWith("application/json")) {
        const { to } = await answer.json();
        draft.forget();
        return location.assign(to);
      }
      if (answer.status >= 500) return say(words.broken);
      again(await answer.text());
    } catch {
      wait();
    } finally {
      sending = false;
    }
  }
  // Who logged in again has a new token; who is logged out is told before anything goes.
  async function renew() {
    const page = await fetch(location.href, { headers: { "X-Draft": "1" } });
    if (page.redirected) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    if (token) field("csrfmiddlewaretoken").value = token.value;
    return true;
  }
  function wait() {
    queued = true;
    save();
    say(words.queued);
    clearTimeout(timer);
    timer = setTimeout(retry, RETRY);
  }
  function retry() {
    if (queued && document.contains(form)) {
      queued = false;
      send();
    }
  }
  // The form came back with what is wrong: show it, with the pictures an input would lose.
  function again(page) {
    queued = false;
    save();
    const kept = { files: Object.fromEntries(pictures.map((each) => [each.name, each.kept()])) };
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    stop();
    if (!fresh) return location.reload();
    main.replaceWith(fresh);
    begin(fresh, kept);
    (fresh.querySelector("[role=alert]") ?? fresh).focus();
    scrollTo(0, 0);
  }
  const onOnline = () => (queued ? retry() : say(""));
  const onOffline = () => say(queued ? words.queued : "");
  function stop() {
    clearTimeout(saving);
    clearTimeout(timer);
    removeEventListener("online", onOnline);
    removeEventListener("offline", onOffline);
  }

  const keep = document.createElement("button");
  keep.type = "button";
  keep.className = "btn";
  keep.textContent = words.keep;
  keep.addEventListener("click", () => {
    save();
    if (!spoken) say(words.kept);
  });
  form.querySelector(".cw-actions").prepend(keep);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  addEventListener("online", onOnline);
  addEventListener("offline", onOffline);

  const kept = brought ? null : draft.read();
  if (brought) {
    bring(brought, { isWhole: false });
    say("");
  } else if (kept) {
    bring(kept, { isWhole: true });
    say(words.found);
    if (kept.queued && kept.version === field("version").value) {
      field("command").value = kept.command; // sent twice it is one act
      queued = true;
      retry();
    }
  } else {
    say("");
  }
  progress();
}

begin(document.querySelector("main"));
