"""What the manifest says: who runs the bot, what it understands, where it lives. Schema 1.25."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cards.help import COMMANDS
from manifest.icons import ACCENT
from words.catalogue import LANGUAGES

VERSION: Final = "0.1.0"
"""Teams installs a package as an update only where this is greater than before."""

SCHEMA_VERSION: Final = "1.25"
_SCHEMAS: Final = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{SCHEMA_VERSION}"
_COMMAND: Final = "bots[0].commandLists[0].commands[{}]"

TYPED: Final = tuple(each for each in COMMANDS if "NUMBER" not in each.typed and each.is_listed)
"""The commands that can be sent as they stand: Teams sends what is chosen from its list without asking for more."""

Say = Callable[[str], str]
"""Turns an English sentence into another language; its name is the keyword for extracting the catalogue."""


@dataclass(frozen=True, slots=True)
class App:
    """The app of one operator.

    bot      the bot's app id; it is the app's id as well, and both stay for ever: with another one, all chats would be lost
    people   app id of the registration that people sign in to
    address  where the bot lives, without a slash at the end
    host     the host in that address
    """

    bot: str
    people: str
    address: str
    host: str
    developer: str


def texts(app: App, say: Say) -> Mapping[str, str]:
    """Return everything that is read by people, under the keys that Teams' language files use."""
    shown = {
        "name.short": say("My Invoices"),
        "name.full": say("My Invoices: your company's bills from Work 365"),
        "description.short": say("See, pay and download your company's invoices. Reminders before they are due."),
        "description.full": _description(say).format(provider=app.developer),
        "staticTabs[0].name": say("Invoices"),
    }
    for place, command in enumerate(TYPED):
        shown[f"{_COMMAND.format(place)}.title"] = say(command.typed)
        shown[f"{_COMMAND.format(place)}.description"] = say(command.does)
    return shown


def manifest(app: App) -> Mapping[str, object]:
    """Return the manifest, in English."""
    said = texts(app, str)
    commands = [
        {"title": said[f"{_COMMAND.format(place)}.title"], "description": said[f"{_COMMAND.format(place)}.description"]}
        for place in range(len(TYPED))
    ]
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": VERSION,
        "id": app.bot,
        "localizationInfo": {
            "defaultLanguageTag": LANGUAGES[0],
            "additionalLanguages": [{"languageTag": tag, "file": f"{tag}.json"} for tag in LANGUAGES[1:]],
        },
        "developer": {
            "name": app.developer,
            "websiteUrl": f"{app.address}/",
            "privacyUrl": f"{app.address}/privacy",
            "termsOfUseUrl": f"{app.address}/terms",
        },
        "name": {"short": said["name.short"], "full": said["name.full"]},
        "description": {"short": said["description.short"], "full": said["description.full"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        "defaultInstallScope": "personal",
        "bots": [{"botId": app.bot, "scopes": ["personal"], "commandLists": [{"scopes": ["personal"], "commands": commands}]}],
        "staticTabs": [_tab(app, said["staticTabs[0].name"])],
        "permissions": ["identity"],
        "validDomains": [app.host],
        # Teams gives a tab no token unless the resource names the tab's own host. Source: "Configure your tab app in Microsoft Entra ID".
        "webApplicationInfo": {"id": app.people, "resource": f"api://{app.host}/botid-{app.people}"},
    }


def language_file(app: App, say: Say) -> Mapping[str, str]:
    """Return a language file: the same texts in another language."""
    return {"$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json", **texts(app, say)}


def _tab(app: App, name: str) -> Mapping[str, object]:
    """Return the tab. It opens by signing in: who uses Teams now may be another person than the one before."""
    content, website = f"{app.address}/auth/teams?tab=1", f"{app.address}/invoices"
    return {"entityId": "invoices", "name": name, "contentUrl": content, "websiteUrl": website, "scopes": ["personal"]}


def _description(say: Say) -> str:
    return "\n\n".join(
        (
            say("My Invoices brings the invoices that your cloud provider keeps in Work 365 to Microsoft Teams."),
            say(
                "Ask in the chat for open, overdue or paid invoices, for the balance, or for a single invoice with every line. Open its "
                "payment page, download its usage records, print it or keep it as a PDF file. A tab lists all invoices."
            ),
            say(
                "Reminders come in the chat before an invoice is due and when it is late, at the hour that you choose. To stop them, type "
                "reminders off, or press Turn off reminders on any of them."
            ),
            say(
                "What you need: your company is a customer of {provider}, who runs this app. You have a work account, and the role Work "
                "365 Administrator or Work365 Finance Manager, which your company's administrator grants in the Work 365 portal. Your "
                "organization may require that an administrator approves the app in Microsoft Entra first."
            ),
            say(
                "Limits: the app shows invoices of your own company only, and in the personal chat only, never in teams or group chats. It "
                "changes nothing in Work 365 and asks for no payment data: you pay on your provider's payment page, in the browser. "
                "Amounts are as of the last synchronization, which usually is a minute ago."
            ),
            say(
                "Type help for everything you can ask, sign out to end your session, and delete my data to have everything that is kept "
                "about you deleted."
            ),
        )
    )
