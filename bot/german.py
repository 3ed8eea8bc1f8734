"""What people type in German."""

from typing import Final

from bot.phrasebook import Phrasebook

GERMAN: Final = Phrasebook(
    phrases={
        "open": (
            "offene rechnungen", "offen", "offene", "unbezahlt", "unbezahlte rechnungen", "nicht bezahlt", "ausstehend", "fällig",
            "fällige rechnungen", "was ist fällig", "was ist offen", "was schulde ich", "was schulden wir", "was muss ich bezahlen",
            "was müssen wir bezahlen", "zu bezahlen", "alles bezahlen", "alle rechnungen bezahlen",
        ),
        "paid": (
            "bezahlte rechnungen", "bezahlt", "abgeschlossene rechnungen", "geschlossene rechnungen", "beglichen",
            "beglichene rechnungen", "was ist bezahlt", "was haben wir bezahlt",
        ),
        "overdue": ("überfällig", "überfällige rechnungen", "ueberfaellig", "ueberfaellige rechnungen", "was ist überfällig", "verspätet"),
        "all": (
            "rechnungen", "alle rechnungen", "rechnungsliste", "alles", "letzte rechnung", "letzte rechnungen", "neueste rechnung",
            "neueste rechnungen", "neue rechnung", "neue rechnungen", "aktuelle rechnung",
        ),
        "balance": (
            "saldo", "kontostand", "guthaben", "gutschrift", "gutschriften", "übersicht", "zusammenfassung", "summe", "gesamtbetrag",
        ),
        "export": (
            "exportieren", "tabelle", "rechnungen exportieren", "rechnungen herunterladen", "rechnungen als csv", "rechnungen in excel",
        ),
        "who am i": (
            "wer bin ich", "rolle", "konto", "wer ist angemeldet", "firma wechseln", "andere firma", "unternehmen wechseln", "firma",
            "firmen",
        ),
        "contact": ("kontakt", "support", "ansprechpartner", "kundendienst", "wer kann helfen", "telefonnummer"),
        "sign in": ("anmelden", "anmeldung", "einloggen", "melde mich an"),
        "sign out": ("abmelden", "abmeldung", "ausloggen", "melde mich ab"),
        "reminders": ("erinnerungen", "erinnerung", "einstellungen", "benachrichtigungen", "erinnere mich", "stopp"),
        "reminders on": ("erinnerungen an", "erinnerungen ein", "erinnerungen einschalten"),
        "reminders off": ("erinnerungen aus", "erinnerungen ausschalten", "keine erinnerungen", "abbestellen"),
        "export my data": (
            "meine daten exportieren", "daten exportieren", "exportiere meine daten", "meine daten herunterladen", "meine daten",
            "zeig meine daten", "was weißt du über mich",
        ),
        "delete my data": ("meine daten löschen", "daten löschen", "lösche meine daten", "vergiss mich"),
        "help": ("hilfe", "was kannst du", "was kann ich fragen", "befehle", "wie geht das", "hallo", "guten tag"),
        "thanks": (
            "danke", "danke schön", "dankeschön", "danke sehr", "vielen dank", "besten dank", "herzlichen dank", "danke für die hilfe",
            "danke für ihre hilfe", "vielen dank für die hilfe", "vielen dank für ihre hilfe",
        ),
        "ok": ("alles klar", "in ordnung", "verstanden", "super", "prima", "passt", "nein danke", "das ist alles", "das war alles"),
        "bye": ("tschüss", "tschuess", "auf wiedersehen", "bis bald", "bis dann", "schönen tag", "schönen tag noch", "ciao"),
    },
    telling={
        **dict.fromkeys(("saldo", "kontostand", "guthaben"), "balance"),
        **dict.fromkeys(("ansprechpartner", "kontakt"), "contact"),
        **dict.fromkeys(("neueste", "neuesten"), "all"),
        **dict.fromkeys(("exportieren", "exportiere"), "export"),
        **dict.fromkeys(("überfällig", "überfällige", "überfälligen", "ueberfaellig", "ueberfaellige"), "overdue"),
        **dict.fromkeys((
            "offen", "offene", "offenen", "unbezahlt", "unbezahlte", "unbezahlten", "fällig", "fällige", "schulde", "schulden",
        ), "open"),
        **dict.fromkeys(("bezahlt", "bezahlte", "bezahlten", "beglichen", "beglichene", "beglichenen"), "paid"),
    },
    denying=frozenset({"kein", "keine", "keinen", "keiner", "ohne", "nichts", "niemals", "keinesfalls"}),
    negating=frozenset({"nicht", "nich", "nie"}),
    reversing=("un", "nicht"),
    reminding=frozenset({
        "erinnerung", "erinnerungen", "erinnere", "erinnern", "erinnert", "benachrichtigung", "benachrichtigungen", "abbestellen",
    }),
    stopping=frozenset({
        "aus", "ab", "ausschalten", "abschalten", "abstellen", "abbestellen", "stoppen", "stopp", "beenden", "deaktivieren", "pausieren",
    }),
    starting=frozenset({"einschalten", "anschalten", "aktivieren", "starten", "fortsetzen"}),
    wanting=frozenset({"will", "wollen", "möchte", "möchten", "brauche", "brauchen", "mehr", "erinnere", "erinnern", "erinnert"}),
    beside=frozenset({"ich", "wir", "werden", "alle", "wieder", "schalte", "schalten", "stelle", "stell", "bekommen", "erhalten", "daran"}),
    about_one=("rechnung", "einzelheiten", "bezahlen", "zahlen", "verbrauch", "drucken", "zeige", "zurückstellen", "stumm", "schlummern"),
    orders={"bezahlen": "pay", "zahlen": "pay", "verbrauch": "usage", "drucken": "print"},
    snooze=frozenset({"zurückstellen", "zurückstellung", "zurückgestellt", "stumm", "stummschalten", "schlummern"}),
    wake=frozenset({"aufheben", "beenden", "stoppen"}),
    until={"morgen": "tomorrow", "3 tage": "three_days", "drei tage": "three_days", "nächste woche": "next_week", "fällig": "due"},
    later=frozenset({"später", "spaeter"}),
    ending=frozenset({"für", "bis"}),
    counts=(
        ("ein", "eine", "einen"), ("zwei",), ("drei",), ("vier",), ("fünf",), ("sechs",), ("sieben",), ("acht",), ("neun",), ("zehn",),
    ),
    lengths={"tag": 1, "tage": 1, "tagen": 1, "woche": 7, "wochen": 7, "monat": 30, "monate": 30, "monaten": 30, "jahr": 365},
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    months=("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"),
    narrowing=frozenset((
        "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "woche", "monat", "quartal", "jahr", "seit",
        "zwischen", "tage",
        "franken",
    )),
    bounding=frozenset({
        "über", "ueber", "mehr", "als", "unter", "mindestens", "höchstens", "zwischen", "letzten", "letzter", "letztes", "letzte", "diesen",
        "dieses", "dieser", "nächsten",
    }),
    units=frozenset({"tage", "tagen", "wochen", "monate", "monaten", "jahre", "jahren", "franken"}),
    fillers=frozenset((
        "ein", "eine", "der", "die", "das", "den", "mein", "meine", "meinen", "unser", "unsere", "unseren", "mir", "mich", "uns", "bitte",
        "danke", "kannst", "du", "könntest", "können", "sie", "will", "möchte", "ich", "wir", "zeig", "zeige", "zeigen", "sehen", "gib",
        "haben", "von", "für", "jetzt", "heute", "mal", "noch", "und", "was", "ist",
        "wie", "hoch", "im", "vom", "aus", "dem", "des", "am",
    )),
    thanking=frozenset({"danke", "dank"}),
)  # fmt: skip
