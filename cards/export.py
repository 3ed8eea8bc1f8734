"""Where the files are: the chat shows invoices, the browser downloads them."""

from cards import kit
from cards.kit import Card
from cards.links import Links
from cards.words import Reader


def export(reader: Reader, links: Links) -> Card:
    """Return the way to the list's file, and to the usage behind one invoice."""
    said = reader.say("The list in the browser can be downloaded as a CSV file, which Excel opens.")
    usage = reader.say("For the usage behind one invoice, write: usage NUMBER")
    button = kit.open_url(reader.say("Open the list"), links.invoices(), reader.say("The list of invoices, opens the browser"))
    body = [kit.heading(reader.say("Download")), kit.label(said), kit.label(usage, subtle=True, size="Small")]
    return kit.card(body, [button], fallback_text=said)
