/** The chat page: who one is, which chat one looks at, what one types. */

import { canDraw, prepare } from "./cards.js";
import { Messages } from "./messages.js";
import { Place, byId, element, initials } from "./page.js";

const KINDS = { personal: "My Invoices", groupChat: "Group chat", channel: "Channel" };
const NO_RENDERER = "Cards are shown as plain text: run “make run”, or “npm ci” in sandbox/chat, and reload this page.";
const query = new URLSearchParams(location.search);

class Page {
  constructor({ people }) {
    this.people = people;
    this.theme = query.get("theme") ?? localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const person = people.find((each) => each.key === query.get("person")) ?? people[0];
    this.setTheme(this.theme === "dark" ? "dark" : "light");
    this.go(person, query.get("chat") in KINDS ? query.get("chat") : "personal");
  }

  /** Look at a conversation as somebody. */
  go(person, kind) {
    this.stream?.close();
    this.messages?.close();
    const place = new Place(person, kind);
    this.place = place;
    this.messages = new Messages(place, this.theme);
    this.drawRail();
    this.listen(place, this.messages);
    history.replaceState(null, "", `?${new URLSearchParams({ person: person.key, ...(kind !== "personal" && { chat: kind }) })}`);
    byId("where").textContent = `${person.name} · ${kind === "personal" ? "Chat" : KINDS[kind]}`;
    byId("text").placeholder = kind === "personal" ? "Type a message" : "Type a message, with @My Invoices to ask the bot";
    this.closeRail();
  }

  listen(place, messages) {
    const stream = new EventSource(`${place.path}/events`);
    const on = (name, handle) => stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    on("snapshot", ({ entries, isInstalled }) => {
      messages.reset(entries);
      this.setInstalled(isInstalled);
    });
    on("message", (entry) => messages.put(entry));
    on("removed", ({ id }) => messages.remove(id));
    on("typing", () => messages.setTyping(true));
    on("failed", ({ id, text }) => messages.fail(id, text));
    stream.onopen = async () => {
      this.notice(canDraw() ? "" : NO_RENDERER);
      await place.act("open");
      if (place === this.place) this.setInstalled(true);
    };
    stream.onerror = () => this.notice("The sandbox does not answer. Trying again …");
    this.stream = stream;
  }

  drawRail() {
    const { person, kind } = this.place;
    byId("people").replaceChildren(
      ...this.people.map((each) => {
        const label = element("span", { class: "who" }, element("b", {}, each.name), element("span", {}, each.says));
        const face = element("span", { class: "avatar", "aria-hidden": "true" }, initials(each.name));
        return railItem(each === person, () => this.go(each, kind), face, label);
      }),
    );
    byId("chats").replaceChildren(
      ...Object.entries(KINDS).map(([each, name]) => railItem(each === kind, () => this.go(person, each), element("b", {}, name))),
    );
  }

  setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    byId("theme").setAttribute("aria-pressed", theme === "dark");
    this.messages?.setTheme(theme);
  }

  setInstalled(isInstalled) {
    this.isInstalled = isInstalled;
    byId("app").textContent = isInstalled ? "Remove app" : "Add app";
  }

  notice(text) {
    byId("notice").textContent = text;
    byId("notice").hidden = !text;
  }

  closeRail() {
    document.body.classList.remove("rail-open");
    byId("menu").setAttribute("aria-expanded", "false");
  }

  async say(text) {
    if (!text.trim()) return;
    byId("text").value = "";
    await this.place.act("say", { text });
  }
}

function railItem(isCurrent, onclick, ...children) {
  return element("li", {}, element("button", { type: "button", "aria-current": isCurrent ? "true" : false, onclick }, ...children));
}

async function start() {
  prepare();
  const page = new Page(await (await fetch("/chat/people")).json());
  const text = byId("text");
  const report = (work) => work.catch(() => page.notice("The sandbox does not answer. Trying again …"));
  byId("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    report(page.say(text.value));
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    report(page.say(text.value));
  });
  byId("theme").addEventListener("click", () => {
    page.setTheme(page.theme === "dark" ? "light" : "dark");
    localStorage.setItem("theme", page.theme);
  });
  byId("app").addEventListener("click", async () => {
    const { isInstalled } = await page.place.act("app", { isInstalled: !page.isInstalled });
    page.setInstalled(isInstalled);
  });
  byId("menu").addEventListener("click", () => {
    const isOpen = document.body.classList.toggle("rail-open");
    byId("menu").setAttribute("aria-expanded", isOpen);
  });
  for (const example of document.querySelectorAll(".hint button")) {
    example.addEventListener("click", () => report(page.say(page.place.kind === "personal" ? example.textContent : `@My Invoices ${example.textContent}`)));
  }
}

start();
