// In Teams: wear its theme, and sign in with the token that Teams has for its person. Anywhere else nothing happens.
const form = document.querySelector("form[data-sign-in]");

function wear(theme) {
  document.documentElement.dataset.theme = theme;
}

function show(isWaiting) {
  document.querySelector("[data-waiting]").hidden = !isWaiting;
  document.querySelector("[data-offer]").hidden = isWaiting;
  form.querySelector("button").hidden = false;
}

async function signIn(authentication, isAsked) {
  show(true);
  try {
    form.elements.token.value = await authentication.getAuthToken();
    form.elements.asked.value = isAsked ? "1" : "";
    form.elements.zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    form.submit();
  } catch {
    show(false); // Teams has no token to give, or its person has declined
  }
}

async function begin({ app, authentication }) {
  try {
    await app.initialize();
  } catch {
    return; // not in Teams
  }
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signIn(authentication, true);
    });
    if (form.dataset.signIn === "silently") signIn(authentication, false);
    else show(false);
  }
  app.registerOnThemeChangeHandler(wear);
  wear((await app.getContext()).app.theme);
}

// Where TeamsJS is not installed, the page stays what it is without a script.
if (window.microsoftTeams) begin(window.microsoftTeams);
