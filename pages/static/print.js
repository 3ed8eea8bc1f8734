// The one thing a page cannot do without a script: open the print dialog. Without a script the button stays hidden.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
if (location.hash === "#print") window.addEventListener("load", () => window.print());
