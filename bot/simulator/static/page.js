// The page around the phones: who is here, which bot they talk to, and one long poll that says what changed.
import { Phone, ask, attempt, problem } from "./chat.js";

const element = (id) => document.getElementById(id);
const phones = new Map();
const wanted = new URLSearchParams(location.search);
const KEPT = "phones";
let bot = 0;
let botName = "";

function remember() {
  sessionStorage.setItem(KEPT, JSON.stringify([...phones.keys()]));
}

function show(person) {
  if (phones.has(person.id) || !bot) return;
  const phone = new Phone(person, bot, {
    attempt,
    name: botName,
    code: wanted.get("start") ?? "",
    away: () => {
      phones.delete(person.id);
      remember();
      refreshEmpty();
    },
  });
  phones.set(person.id, phone);
  element("phones").append(phone.root);
  remember();
  refreshEmpty();
  attempt(() => phone.refresh());
  phone.root.scrollIntoView({ inline: "end", block: "nearest" });
}

function refreshEmpty() {
  element("empty").hidden = phones.size > 0;
}

async function listBots() {
  const { bots } = await ask("GET", "/sim/bots");
  const select = element("bot");
  const asked = Number(wanted.get("bot"));
  select.replaceChildren(...bots.map((known) => new Option(`${known.name} (@${known.username})`, known.id)));
  bot = bots.some((known) => known.id === bot) ? bot : (bots.find((known) => known.id === asked) ?? bots.at(-1))?.id ?? 0;
  select.value = String(bot);
  botName = bots.find((known) => known.id === bot)?.name ?? "";
  element("bot-field").hidden = bots.length < 2;
}

async function listPeople() {
  const { people } = await ask("GET", "/sim/people");
  const options = people.slice(-500).map((person) => new Option(`${person.first_name} · ${person.id}`, person.id));
  element("watch").replaceChildren(new Option("choose…", ""), ...options);
  element("watch-field").hidden = people.length === 0;
  return people;
}

async function changeBot() {
  bot = Number(element("bot").value);
  await listBots();
  for (const phone of [...phones.values()]) phone.root.remove();
  const shown = [...phones.values()].map((phone) => phone.person);
  phones.clear();
  shown.forEach(show);
}

async function follow() {
  let cursor = (await ask("GET", "/sim")).cursor;
  for (;;) {
    try {
      const { events, next } = await ask("GET", `/sim/events?after=${cursor}&timeout=25`);
      cursor = next;
      problem(null);
      if (events.some((event) => event.kind === "bot")) await listBots();
      if (events.some((event) => event.kind === "person")) await listPeople();
      const changed = new Set(events.filter((event) => event.bot === bot).map((event) => event.chat));
      await Promise.all([...changed].map((chat) => phones.get(chat)?.refresh()));
    } catch {
      problem(new Error("The simulator does not answer. Trying again…"));
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    if (!bot) {
      const made = await ask("POST", "/sim/bots", {});
      bot = made.id;
      await listBots();
    }
    const body = { first_name: element("name").value.trim() };
    if (element("language").value) body.language_code = element("language").value;
    show(await ask("POST", "/sim/people", body));
    element("name").value = "";
  });
});
element("bot").addEventListener("change", () => attempt(changeBot));
element("watch").addEventListener("change", () =>
  attempt(async () => {
    const number = Number(element("watch").value);
    const found = (await listPeople()).find((person) => person.id === number);
    if (found) show(found);
  }),
);

await attempt(async () => {
  await listBots();
  const people = await listPeople();
  const kept = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  people.filter((person) => kept.has(person.id)).forEach(show);
});
refreshEmpty();
follow();
