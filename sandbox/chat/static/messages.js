/** The messages of a conversation, as they follow from the stream of events. */

import { CardView, canDraw, markdown } from "./cards.js";
import { byId, element, initials, openLink } from "./page.js";
import { signIn } from "./sign-in.js";

const CARD = "application/vnd.microsoft.card.";
const UNREACHABLE = "Unable to reach app. Please try again.";
const TYPING_MS = 12_000;
const NEAR_PX = 80;

export class Messages {
  constructor(place, theme) {
    this.place = place;
    this.theme = theme;
    this.log = byId("messages");
    this.scroll = byId("scroll");
    this.items = new Map();
    this.views = new Map();
    this.isAtEnd = true;
    this.scroll.onscroll = () => {
      const { scrollHeight, scrollTop, clientHeight } = this.scroll;
      this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    };
    this.growth = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    this.growth.observe(this.log);
  }

  setTheme(theme) {
    this.theme = theme;
    for (const view of [...this.views.values()].flat()) view.setTheme(theme);
  }

  /** Show exactly these. */
  reset(entries) {
    for (const id of [...this.items.keys()]) this.remove(id);
    for (const entry of entries) this.put(entry);
  }

  close() {
    this.reset([]);
    this.setTyping(false);
    this.growth.disconnect();
  }

  /** Add a message, or draw a changed one in its place. */
  put(entry) {
    const { item, views } = this.draw(entry);
    const old = this.items.get(entry.id);
    this.forget(entry.id);
    this.items.set(entry.id, item);
    this.views.set(entry.id, views);
    if (old) old.replaceWith(item);
    else this.log.append(item);
    if (!entry.author) this.setTyping(false);
    if (!old) this.toEnd();
  }

  remove(id) {
    this.items.get(id)?.remove();
    this.forget(id);
  }

  forget(id) {
    for (const view of this.views.get(id) ?? []) view.close();
    this.views.delete(id);
    this.items.delete(id);
  }

  fail(id, text) {
    const item = this.items.get(id);
    if (item) this.say(item, text, "error");
  }

  setTyping(isTyping) {
    byId("typing").hidden = !isTyping;
    clearTimeout(this.typing);
    if (isTyping) this.typing = setTimeout(() => this.setTyping(false), TYPING_MS);
    if (isTyping && this.isAtEnd) this.toEnd();
  }

  toEnd() {
    this.isAtEnd = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  draw(entry) {
    const isMine = entry.author?.key === this.place.person.key;
    const name = entry.author?.name ?? "My Invoices";
    const item = element("article", { class: isMine ? "message mine" : "message", "aria-label": name });
    if (!isMine) item.append(face(entry.author));
    const body = element("div", { class: "body" });
    const edited = entry.isEdited ? " · Edited" : "";
    body.append(element("p", { class: "meta" }, isMine ? "" : `${name} `, element("time", { datetime: entry.at }, this.place.time(entry.at) + edited)));
    if (entry.text) body.append(bubble(entry));
    const views = [];
    for (const attachment of entry.attachments) {
      const drawn = this.attachment(entry, attachment, item);
      if (drawn instanceof CardView) views.push(drawn);
      body.append(drawn.root ?? drawn);
    }
    item.append(body);
    return { item, views };
  }

  /** Return an attachment's element or, for an Adaptive Card, its view. */
  attachment(entry, { contentType = "", content = {}, contentUrl, name }, item) {
    if (contentType === `${CARD}adaptive` && canDraw()) {
      return new CardView(content, this.theme, (action, button) => this.press(entry.id, item, action, button));
    }
    if (contentType === `${CARD}adaptive`) return element("div", { class: "bubble" }, content.fallbackText ?? "(a card)");
    if (contentType.startsWith(CARD)) return this.simpleCard(content);
    const file = element("a", { href: contentUrl, target: "_blank", rel: "noopener noreferrer" }, name ?? contentType);
    return element("p", { class: "bubble" }, file);
  }

  /** A hero, sign-in or OAuth card: text and buttons. */
  simpleCard({ title, text, buttons = [] }) {
    const card = element("div", { class: "card plain-card" });
    if (title) card.append(element("h2", {}, title));
    if (text) card.append(element("p", {}, text));
    const row = element("p", { class: "buttons" });
    for (const button of buttons) row.append(element("button", { type: "button", class: "push", onclick: () => this.simplePress(button) }, button.title));
    card.append(row);
    return card;
  }

  async simplePress({ type, value }) {
    if (type === "signin") await this.signIn(value);
    else if (type === "openUrl") openLink(value);
    else await this.place.act("say", { text: String(value) });
  }

  async signIn(url) {
    const state = await signIn(url);
    if (state) await this.place.act("verify", { state });
  }

  /** Send a press to the bot; meanwhile the card takes no other. */
  async press(entry, item, action, button, state) {
    if (item.hasAttribute("aria-busy")) return;
    if (action.data?.msteams?.type === "signin") {
      await this.signIn(action.data.msteams.value);
      return;
    }
    item.querySelector(".outcome")?.remove();
    item.setAttribute("aria-busy", "true");
    button?.classList.add("pressed");
    let outcome;
    try {
      outcome = await this.place.act("press", { entry, action, state });
    } catch {
      outcome = { kind: "error", text: UNREACHABLE };
    }
    item.removeAttribute("aria-busy");
    button?.classList.remove("pressed");
    if (outcome.kind === "sign_in") this.offer(entry, item, action, button, outcome);
    else if (outcome.text) this.say(item, outcome.text, outcome.kind);
  }

  /** Show the sign-in button that a press led to; once signed in, press again. */
  offer(entry, item, action, button, { text, url }) {
    const again = async () => {
      const state = await signIn(url);
      if (state) await this.press(entry, item, action, button, state);
    };
    this.say(item, text, "message", element("button", { type: "button", class: "push", onclick: again }, "Sign in"));
  }

  say(item, text, kind, ...more) {
    item.querySelector(".outcome")?.remove();
    const role = kind === "error" ? "alert" : "status";
    item.querySelector(".body").append(element("div", { class: `outcome ${kind}`, role }, element("span", {}, text), ...more));
    this.toEnd();
  }
}

function face(author) {
  if (!author) return element("img", { class: "avatar", src: "/chat/static/icon.svg", alt: "" });
  return element("span", { class: "avatar", "aria-hidden": "true" }, initials(author.name));
}

function bubble(entry) {
  const made = element("div", { class: "bubble" });
  if (entry.isMarkdown && canDraw()) {
    made.innerHTML = markdown(entry.text);
    for (const link of made.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    return made;
  }
  for (const piece of entry.text.split(/(<at>.*?<\/at>)/)) {
    const mention = /^<at>(.*)<\/at>$/.exec(piece);
    made.append(mention ? element("b", { class: "mention" }, mention[1]) : piece);
  }
  return made;
}
