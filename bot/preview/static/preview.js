// The page around the phones of a preview: which file, which languages, what is to be weighed, and what has changed.
import { Phone, ask, attempt, problem } from "./chat.js";

const element = (id) => document.getElementById(id);
const phones = new Map();
const LOOK_SECONDS = 2;
let state = null;

function listed(box, findings) {
  const lines = findings.map((finding) => {
    const line = document.createElement("li");
    line.dir = "auto";
    line.textContent = finding.text;
    return line;
  });
  box.querySelector("ul").replaceChildren(...lines);
  box.hidden = findings.length === 0;
}

function name({ name, unreviewed }) {
  return unreviewed ? `${name} (${unreviewed})` : name;
}

function draw() {
  document.title = `Preview: ${state.title}`;
  element("title").textContent = state.title;
  element("language").replaceChildren(
    new Option("she chooses", ""),
    ...state.languages.map((one) => new Option(name(one), one.tag)),
  );
  element("language").value = state.language ?? "";
  element("findings").querySelector("summary").textContent = `${state.findings.length} to weigh in ${state.file}`;
  listed(element("findings"), state.findings);
}

async function open(language) {
  const person = await ask("POST", "/preview/phones", { language });
  const unreviewed = state.languages.find((one) => one.tag === language)?.unreviewed;
  const phone = new Phone(person, state.bot, {
    attempt,
    name: unreviewed ? `the preview; ${unreviewed}` : "the preview",
    mark: state.mark,
    code: "PREVIEW",
    away: () => phones.delete(person.id),
  });
  if (language) phone.part("h2").lang = language;
  phones.set(person.id, phone);
  element("phones").append(phone.root);
  element("transcript").href = `preview/transcript/${person.id}.md`;
  element("transcript").hidden = false;
  await phone.refresh();
  phone.root.scrollIntoView({ inline: "end", block: "nearest" });
}

async function follow() {
  let cursor = (await ask("GET", "/sim")).cursor;
  for (;;) {
    try {
      const { events, next } = await ask("GET", `/sim/events?after=${cursor}&timeout=25`);
      cursor = next;
      const changed = new Set(events.filter((event) => event.kind === "chat").map((event) => event.chat));
      await Promise.all([...changed].map((chat) => phones.get(chat)?.refresh()));
    } catch {
      problem(new Error("The preview does not answer. It may have ended: look at the terminal where it was started."));
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

async function look() {
  try {
    element("changed").hidden = !(await ask("GET", "/preview/state")).changed;
  } catch {
    return; // the phones' own connection says so already
  } finally {
    setTimeout(look, LOOK_SECONDS * 1000);
  }
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => open(element("language").value || null));
});
element("again").addEventListener("click", () =>
  attempt(async () => {
    const { errors } = await ask("POST", "/preview/again", {});
    listed(element("errors"), errors);
    element("changed").hidden = true;
    if (errors.length === 0) location.reload();
  }),
);

state = await ask("GET", "/preview/state");
draw();
await attempt(() => open(state.language));
follow();
look();
