"""Where the files are: the chat shows invoices, the browser downloads them."""

from cards import kit
from cards.kit import Card
from cards.links import Links
from words.reader import Reader


def export(reader: Reader, links: Links) -> Card:
    """Return the way to the list's file, and to the usage behind one invoice."""
    said = reader.say("All invoices as an Excel workbook. The list in the browser gives any part of it, also as a CSV file.")
    usage = reader.say("For the usage behind one invoice, write: usage NUMBER")
    buttons = [
        kit.open_url(reader.say("Excel workbook"), links.workbook(), reader.say("All invoices as an Excel workbook, opens the browser")),
        kit.open_url(reader.say("Open the list"), links.invoices(), reader.say("The list of invoices, opens the browser")),
    ]
    body = [kit.heading(reader.say("Download")), kit.label(said), kit.label(usage, subtle=True, size="Small")]
    return kit.card(body, buttons, fallback_text=said)
