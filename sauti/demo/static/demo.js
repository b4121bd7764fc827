"use strict";

const PHASES = ["opening", "open", "closing", "summary"];
const WORDS = {
  opening: "Preparing a new round…",
  open: "The round is open.",
  closing: "Closing, opening and counting…",
  summary: "The summary is ready.",
  failed: "A step failed, and nothing of this round can be shown. The terminal says what happened; you can start over.",
};
const by = (id) => document.getElementById(id);

function make(name, text, attributes = {}) {
  const made = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// Neither list ever changes while a round goes on: they tell who may be met, never who has answered.
function fill(state) {
  if (by("cast").children.length > 0 || !state.cast) return;
  for (const one of state.cast) {
    const tongue = state.languages.find((each) => each.tag === one.tag);
    const line = make("li", "");
    line.append(make("bdi", one.name, { lang: one.tag }), ` (`, make("bdi", tongue.name, { lang: one.tag }), `): ${one.does}`);
    by("cast").append(line);
  }
  for (const each of state.languages) {
    const line = make("li", "");
    const attributes = { href: "summary/" + each.tag, lang: each.tag, hreflang: each.tag, dir: each.dir };
    line.append(make("a", each.name, { ...attributes, target: "_blank", rel: "noopener" }));
    by("languages").append(line);
  }
}

function offer(notes) {
  if (by("notes").children.length === notes.length) return;
  by("notes").replaceChildren(...notes.map((name) => {
    const line = make("li", "");
    line.append(make("a", name, { href: "note/" + name, target: "_blank", rel: "noopener" }));
    return line;
  }));
}

function show(state) {
  fill(state);
  offer(state.notes || []);
  const at = PHASES.indexOf(state.phase);
  for (const step of document.querySelectorAll(".steps li")) {
    const place = PHASES.indexOf(step.dataset.phase);
    step.classList.toggle("now", place === at);
    step.classList.toggle("done", at >= 0 && (place < at || state.phase === "summary"));
    if (place === at) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  document.body.dataset.phase = state.phase;
  if (by("status").textContent !== WORDS[state.phase]) by("status").textContent = WORDS[state.phase];
  by("chat").href = state.chat;
  by("code").textContent = state.code;
  by("open").hidden = state.phase !== "open";
  by("answering").hidden = !state.answering;
  by("summary").hidden = state.phase !== "summary";
  const over = state.phase === "summary" || state.phase === "failed";
  by("again").hidden = !over;
  by("again-more").hidden = !over;
  by("close").disabled = state.phase !== "open";
  by("again").disabled = !over;
}

async function look() {
  try {
    show(await (await fetch("state")).json());
  } catch {
    clearInterval(looking);
    show({ phase: "ended", chat: "", code: "", answering: false });
    by("status").textContent = "The demo has ended, and nothing of it was kept.";
  }
}

async function wish(name, button) {
  button.disabled = true;
  await fetch("wish/" + name, { method: "POST", headers: { "X-Sauti-Demo": "1" } });
  await look();
}

by("close").addEventListener("click", (event) => wish("close", event.currentTarget));
by("again").addEventListener("click", (event) => wish("again", event.currentTarget));
const looking = setInterval(look, 1000);
look();
