/** Small tools for the page: making elements, and talking to the sandbox. */

/** Make an element: `element("p", { class: "time" }, "12:30")`. A property that is no attribute (onclick) is set as such. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === undefined) continue;
    if (typeof value === "function") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** The conversation that the page shows: whose, and which. */
export class Place {
  constructor(person, kind) {
    this.person = person;
    this.kind = kind;
  }

  get path() {
    return `/chat/${encodeURIComponent(this.person.key)}/${this.kind}`;
  }

  /** Do something as the person. Rejects where the sandbox does not answer. */
  async act(name, given = {}) {
    const response = await fetch(`${this.path}/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.json();
  }

  time(iso) {
    const { locale, zone } = this.person;
    return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone }).format(new Date(iso));
  }
}

/** Open a web address in a tab of its own; nothing else is opened. */
export function openLink(url) {
  if (/^https?:/i.test(url)) window.open(url, "_blank", "noopener");
}

/** The two letters that stand in for a face. */
export function initials(name) {
  const words = name.split(" ");
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}
