// One phone: a chat as its person sees it. Text only ever becomes textContent; what a bot says is never markup.

const RTL = new Set(["ar", "fa", "he", "ps", "ur", "ckb", "prs", "dv", "yi"]);
const ATTACHMENTS = ["photo", "voice", "video", "document", "sticker", "location", "contact"];
const TOAST_SECONDS = 5;
const MARKS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "code" };

/** Show what went wrong in the page's line for it; nothing hides the line. */
export function problem(error) {
  const line = document.getElementById("problem");
  line.hidden = !error;
  line.textContent = error ? error.message : "";
}

/** Do something; what goes wrong is shown and gives null. */
export async function attempt(act) {
  try {
    problem(null);
    return await act();
  } catch (error) {
    problem(error);
    return null;
  }
}

/** Ask the control API; a refusal becomes an Error that says what to do. */
export async function ask(verb, path, body) {
  const options = { method: verb };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error?.message ?? "The simulator refused.");
  return value;
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Say in which language and direction a node is, where that is known: Telegram's messages do not tell, a preview does. */
function speak(node, { lang, dir }) {
  if (!lang) return;
  node.lang = lang;
  if (dir) node.dir = dir;
}

/** Return the nodes of a text with entities; offsets are UTF-16 units, which is how this language counts too. */
function rich(text, entities) {
  const cuts = new Set([0, text.length]);
  for (const { offset, length } of entities) cuts.add(offset).add(offset + length);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1];
    const over = entities.filter((entity) => entity.offset <= from && entity.offset + entity.length >= to);
    let node = document.createTextNode(text.slice(from, to));
    for (const { type, lang, dir } of over) {
      const wrap = type === "spoiler" ? spoiler() : make(MARKS[type] ?? "span", MARKS[type] || lang ? "" : "entity");
      speak(wrap, { lang, dir });
      wrap.append(node);
      node = wrap;
    }
    return node;
  });
}

function spoiler() {
  const button = make("button", "spoiler");
  button.type = "button";
  button.setAttribute("aria-label", "Hidden text, press to show");
  button.addEventListener("click", () => {
    button.classList.add("shown");
    button.removeAttribute("aria-label");
  });
  return button;
}

/** Return a player: nothing is loaded before somebody presses it, as on a phone. */
function voice({ file, duration }) {
  const player = make("audio", "voice");
  player.controls = true;
  player.preload = "none";
  player.src = `/voice/${encodeURIComponent(file)}`;
  player.setAttribute("aria-label", `Voice message, ${duration} seconds`);
  return player;
}

export class Phone {
  constructor(person, bot, { attempt, code, away, name, mark }) {
    this.person = person;
    this.bot = bot;
    this.name = name;
    this.mark = mark;
    this.attempt = attempt;
    this.shown = new Map();
    this.toastRevision = -1;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.part = (selector) => this.root.querySelector(selector);
    this.root.setAttribute("aria-label", `Phone of ${person.first_name}`);
    this.root.dir = RTL.has(person.language_code) ? "rtl" : "ltr";
    this.root.dataset.person = person.id;
    this.part("h2").textContent = person.first_name;
    this.part("h2").dir = "auto";
    this.part(".face").textContent = [...person.first_name][0];
    this.part(".face").dataset.tint = String(person.id % 5);
    this.part(".code").value = code;
    this.part("textarea").setAttribute("aria-label", `Message from ${person.first_name}`);
    this.part(".attach").append(...ATTACHMENTS.map((kind) => new Option(kind, kind)));
    this.listen(away);
  }

  listen(away) {
    this.part(".close").addEventListener("click", () => {
      this.root.remove();
      away();
    });
    this.part(".block").addEventListener("click", () => this.act(this.blocked ? "unblock" : "block", {}));
    this.part(".start").addEventListener("submit", (event) => {
      event.preventDefault();
      this.act("start", { payload: this.part(".code").value.trim() });
    });
    const box = this.part("textarea");
    this.part(".write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(box);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.say(box);
      }
    });
    box.addEventListener("input", () => this.grow(box));
    this.part(".attach").addEventListener("change", (event) => {
      const kind = event.target.value;
      event.target.value = "";
      if (kind) this.act("send", { kind });
    });
  }

  grow(box) {
    box.rows = Math.min(5, box.value.split("\n").length + Math.floor(box.value.length / 34));
  }

  say(box) {
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    this.grow(box);
    this.act("say", { text });
  }

  act(name, body) {
    return this.attempt(() => ask("POST", `/sim/bots/${this.bot}/people/${this.person.id}/${name}`, body));
  }

  async refresh() {
    const chat = await ask("GET", `/sim/bots/${this.bot}/people/${this.person.id}/chat`);
    if (chat.revision < (this.revision ?? -1)) return;
    this.revision = chat.revision;
    this.blocked = chat.blocked;
    if (chat.dir) this.root.dir = chat.dir;
    this.drawState(chat);
    this.drawMessages(chat.messages);
    this.drawKeys(chat.reply_keyboard);
    this.drawToast(chat.toasts);
  }

  drawState(chat) {
    const begun = chat.messages.length > 0 && !chat.blocked;
    this.part(".start").hidden = begun;
    this.part(".write").hidden = !begun;
    this.part(".block").textContent = chat.blocked ? "Unblock" : "Block";
    const language = this.person.language_code ? ` · ${this.person.language_code}` : "";
    const calm = `talks to ${this.name ?? "the bot"}${language}`;
    this.part(".state").textContent = chat.blocked ? "has blocked the bot" : chat.action === "typing" ? "the bot is typing…" : calm;
  }

  drawMessages(messages) {
    const log = this.part(".log");
    const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    for (const message of messages) {
      const text = JSON.stringify(message);
      const before = this.shown.get(message.id);
      if (before?.text === text) continue;
      const node = this.bubble(message);
      if (before) this.replace(before.node, node);
      else log.append(node);
      this.shown.set(message.id, { text, node });
    }
    if (low) log.scrollTop = log.scrollHeight;
  }

  // Someone who pressed a button by keyboard keeps her place when the bot changes the buttons under her fingers.
  replace(old, node) {
    const buttons = [...old.querySelectorAll("button.key")];
    const place = buttons.indexOf(document.activeElement);
    old.replaceWith(node);
    if (place >= 0) {
      const fresh = [...node.querySelectorAll("button.key")];
      (fresh[Math.min(place, fresh.length - 1)] ?? this.part(".log")).focus({ preventScroll: true });
    }
  }

  bubble(message) {
    const side = message.from === "bot" ? "bot" : "own";
    const node = make("article", `message ${side}${message.deleted ? " deleted" : ""}`);
    node.dataset.message = message.id;
    const body = make("div", "bubble");
    if (message.deleted) {
      body.append(make("p", "mark", message.deleted_by === "bot" ? "deleted by the bot" : "deleted by the person"));
    }
    if (message.voice) body.append(voice(message.voice));
    else if (message.kind !== "text") body.append(make("p", "kind", message.kind.replaceAll("_", " ")));
    const text = make("p", "text");
    text.dir = "auto";
    speak(text, message);
    text.append(...rich(message.text, message.entities));
    if (message.text) body.append(text);
    body.append(this.foot(message));
    node.append(body);
    if (message.keyboard.length && !message.deleted) node.append(this.keyboard(message, message.keyboard, 0));
    if (message.past_keyboards.length) node.append(this.earlier(message));
    return node;
  }

  foot(message) {
    const foot = make("p", "foot");
    if (this.mark && message.from === "bot") {
      foot.append(make("span", "preview", this.mark));
      foot.lastChild.dir = "auto";
    }
    if (message.edits) foot.append(make("span", "edited", message.edits > 1 ? `edited ×${message.edits}` : "edited"));
    if (message.silent) foot.append(make("span", "", "silent"));
    const when = new Date(message.date * 1000);
    const time = make("time", "", when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
    time.dateTime = when.toISOString();
    foot.append(time);
    return foot;
  }

  keyboard(message, rows, past) {
    const board = make("div", past ? "board past" : "board");
    board.setAttribute("role", "group");
    board.setAttribute("aria-label", past ? "Earlier buttons" : "Buttons");
    let index = 0;
    for (const row of rows) {
      const line = make("div", "row");
      for (const button of row) {
        const place = index++;
        const key = make("button", "key", button.text);
        key.type = "button";
        key.dir = "auto";
        speak(key, button);
        key.disabled = button.kind !== "callback";
        key.addEventListener("click", () => this.act("press", { message: message.id, index: place, past }));
        line.append(key);
      }
      board.append(line);
    }
    return board;
  }

  // A slow phone may still show the buttons a message had before: a tester can press those too.
  earlier(message) {
    const box = make("details", "earlier");
    box.append(make("summary", "", "earlier buttons"));
    box.append(this.keyboard(message, message.past_keyboards.at(-1), 1));
    return box;
  }

  drawKeys(rows) {
    const keys = (rows ?? []).map((row) => {
      const line = make("div", "row");
      for (const label of row) {
        const key = make("button", "key", label);
        key.type = "button";
        key.dir = "auto";
        key.addEventListener("click", () => this.act("say", { text: label }));
        line.append(key);
      }
      return line;
    });
    this.part(".keys").replaceChildren(...keys);
  }

  drawToast(toasts) {
    const last = toasts.at(-1);
    const first = this.toastRevision < 0;
    if (!last || last.revision <= this.toastRevision) {
      this.toastRevision = Math.max(this.toastRevision, 0);
      return;
    }
    this.toastRevision = last.revision;
    if (first && this.revision - last.revision > 3) return;
    if (last.alert) {
      this.part(".alert p").textContent = last.text;
      speak(this.part(".alert p"), last);
      if (!this.part(".alert").open) this.part(".alert").showModal();
      return;
    }
    const toast = this.part(".toast");
    toast.removeAttribute("lang");
    toast.dir = "auto";
    speak(toast, last);
    toast.textContent = last.text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (toast.hidden = true), TOAST_SECONDS * 1000);
  }
}
