/** The popup in which a person signs in, and what it hands over to Teams when it is done. */

const SIZE = "popup,width=520,height=680";

/**
 * Open a sign-in page, and resolve with what it passed to TeamsJS' `authentication.notifySuccess`.
 * Resolves with null where the popup ends without a word: the bot may know already, and speaks for itself then.
 */
export function signIn(url) {
  const popup = /^https?:/i.test(url) ? window.open(url, "sign-in", SIZE) : null;
  if (!popup) return Promise.resolve(null);
  return new Promise((resolve) => {
    const watch = setInterval(() => popup.closed && finish(null), 300);
    const listen = (event) => {
      if (event.source !== popup) return;
      const { id, func, args = [] } = event.data ?? {};
      if (func === "initialize") popup.postMessage({ id, args: ["authentication", "web", RUNTIME, "2.0.0"] }, event.origin);
      if (func === "authentication.authenticate.success") finish(args[0] ?? "");
      if (func === "authentication.authenticate.failure") finish(null);
    };
    const finish = (result) => {
      clearInterval(watch);
      window.removeEventListener("message", listen);
      popup.close();
      resolve(result);
    };
    window.addEventListener("message", listen);
  });
}

const RUNTIME = JSON.stringify({ apiVersion: 2, isLegacyTeams: false, supports: { authentication: {} } });
