"use strict";

const PHASES = ["opening", "open", "closing", "summary"];
const WORDS = {
  opening: "Preparing a new round…",
  open: "The round is open.",
  closing: "Closing, opening and counting…",
  summary: "The summary is ready.",
  failed: "A step failed. What it said stands in the terminal; you can start over.",
};
const by = (id) => document.getElementById(id);

function show(state) {
  const at = PHASES.indexOf(state.phase);
  for (const step of document.querySelectorAll(".steps li")) {
    const place = PHASES.indexOf(step.dataset.phase);
    step.classList.toggle("now", place === at);
    step.classList.toggle("done", at >= 0 && place < at);
    if (place === at) { step.setAttribute("aria-current", "step"); } else { step.removeAttribute("aria-current"); }
  }
  if (by("status").textContent !== WORDS[state.phase]) { by("status").textContent = WORDS[state.phase]; }
  by("chat").href = state.chat;
  by("start").textContent = "/start " + state.code;
  by("open").hidden = state.phase !== "open";
  by("summary").hidden = state.phase !== "summary";
  by("again").hidden = state.phase !== "summary" && state.phase !== "failed";
  by("close").disabled = state.phase !== "open";
  by("again").disabled = false;
}

async function look() {
  try {
    show(await (await fetch("state")).json());
  } catch {
    by("status").textContent = "The demo has ended.";
  }
}

async function wish(name, button) {
  button.disabled = true;
  await fetch("wish/" + name, { method: "POST", headers: { "X-Sauti-Demo": "1" } });
  await look();
}

by("close").addEventListener("click", (event) => wish("close", event.currentTarget));
by("again").addEventListener("click", (event) => wish("again", event.currentTarget));
look();
setInterval(look, 1000);
