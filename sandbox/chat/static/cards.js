/** Adaptive Cards, drawn by Microsoft's own renderer, with the few things that only Teams knows. */

import { element, openLink } from "./page.js";
import { hostConfig } from "./host-config.js";

/** The renderer and the Markdown reader come from npm; without them the page chats in text alone. */
export const canDraw = () => Boolean(globalThis.AdaptiveCards && globalThis.markdownit);

/** Return Markdown as HTML; tags in it stay text. */
export function markdown(text) {
  return globalThis.markdownit({ html: false, linkify: true, breaks: true }).render(text);
}

const WIDTHS = [["veryNarrow", 216], ["narrow", 413], ["standard", 500], ["wide", Infinity]];
const NAMES = WIDTHS.map(([name]) => name.toLowerCase());

const widthClass = (px) => WIDTHS.findIndex(([, most]) => px <= most);

/** Say whether an element of that targetWidth shows at a class of width. */
function isShown(targetWidth, width) {
  const [, bound, name] = /^(?:(atLeast|atMost):)?(\w+)$/i.exec(targetWidth ?? "") ?? [];
  const wanted = NAMES.indexOf(name?.toLowerCase());
  if (wanted < 0) return true;
  if (!bound) return width === wanted;
  return bound.toLowerCase() === "atleast" ? width >= wanted : width <= wanted;
}

/** Return a copy of the card without what Teams hides at that width, and without icons that only Teams can draw. */
function fitted(node, width) {
  if (Array.isArray(node)) return node.filter((each) => isShown(each?.targetWidth, width)).map((each) => fitted(each, width));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name, value]) => name !== "targetWidth" && !(name === "iconUrl" && String(value).startsWith("icon:")));
  return Object.fromEntries(kept.map(([name, value]) => [name, fitted(value, width)]));
}

/** A card in a message. It draws itself anew when the theme or the class of its width changes. */
export class CardView {
  /** `onPress(action, button)` is told of every press that goes to the bot: the action as JSON, with what the person filled in. */
  constructor(card, theme, onPress) {
    this.card = card;
    this.theme = theme;
    this.onPress = onPress;
    this.width = -1;
    this.root = element("div", { class: card.msteams?.width?.toLowerCase() === "full" ? "card full" : "card" });
    this.observer = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
    this.observer.observe(this.root);
  }

  fit(px) {
    const width = widthClass(px);
    if (width !== this.width && px > 0) {
      this.width = width;
      this.draw();
    }
  }

  setTheme(theme) {
    this.theme = theme;
    if (this.width >= 0) this.draw();
  }

  close() {
    this.observer.disconnect();
  }

  draw() {
    const { AdaptiveCards } = globalThis;
    const adaptive = new AdaptiveCards.AdaptiveCard();
    adaptive.hostConfig = new AdaptiveCards.HostConfig(hostConfig(this.theme));
    adaptive.onExecuteAction = (action) => this.execute(action);
    adaptive.parse(fitted(this.card, this.width), context());
    const drawn = adaptive.render() ?? element("p", {}, this.card.fallbackText ?? "This card cannot be shown.");
    for (const link of drawn.querySelectorAll("a[href]")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    this.root.replaceChildren(drawn);
  }

  execute(action) {
    const type = action.getJsonTypeName();
    if (type === "Action.OpenUrl") {
      openLink(action.getHref());
    } else if (type === "Action.Execute" || type === "Action.Submit") {
      const { id, title, verb, data } = action;
      this.onPress({ type, id, title, verb, data }, action.renderedElement);
    }
  }
}

/** Return the renderer's parsing context, with Teams' Badge added. */
function context() {
  const { AdaptiveCards } = globalThis;
  const elements = new AdaptiveCards.CardObjectRegistry();
  AdaptiveCards.GlobalRegistry.populateWithDefaultElements(elements);
  elements.register("Badge", badgeClass(AdaptiveCards));
  const made = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
  made.setElementRegistry(elements);
  return made;
}

function badgeClass(AdaptiveCards) {
  return class Badge extends AdaptiveCards.CardElement {
    getJsonTypeName() {
      return "Badge";
    }

    internalParse(source, parsing) {
      super.internalParse(source, parsing);
      this.source = source;
    }

    internalRender() {
      const { text = "", style = "default", appearance = "filled", tooltip } = this.source;
      const kind = `badge ${String(style).toLowerCase()} ${String(appearance).toLowerCase()}`;
      return element("div", {}, element("span", { class: kind, title: tooltip }, String(text)));
    }
  };
}

/** Let the renderer read Markdown. Call once. */
export function prepare() {
  if (!canDraw()) return;
  globalThis.AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = globalThis.markdownit({ html: false }).render(text);
    result.didProcess = true;
  };
}
