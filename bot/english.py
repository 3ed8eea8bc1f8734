"""What people type in English."""

from typing import Final

from bot.phrasebook import Phrasebook

ENGLISH: Final = Phrasebook(
    phrases={
        "open": (
            "open invoices", "open", "open bills", "unpaid", "unpaid invoices", "unpaid bills", "not paid", "outstanding",
            "outstanding invoices",
            "due", "invoices due", "due invoices", "what is due", "what is open", "what do i owe", "what do we owe", "how much do i owe",
            "how much do we owe", "what do i have to pay", "what needs to be paid", "bills to pay", "invoices to pay", "to pay",
            "pay invoices", "pay bills", "pay everything", "pay all", "pay all invoices", "pay all bills",
        ),
        "paid": (
            "paid invoices", "closed invoices", "closed", "paid", "paid bills", "settled invoices", "what have i paid",
            "what have we paid", "payment history",
        ),
        "overdue": ("overdue", "overdue invoices", "overdue bills", "past due", "late", "late invoices", "what is overdue", "what is late"),
        "all": (
            "invoices", "all invoices", "bills", "all bills", "invoice list", "everything", "all", "latest invoice", "latest invoices",
            "latest bill", "last invoice", "last invoices", "last bill", "newest invoice", "newest invoices", "new invoice",
            "new invoices", "recent invoices", "most recent invoice",
        ),
        "balance": (
            "balance", "summary", "credit", "credits", "credit balance", "account balance", "account summary", "overview", "total",
            "totals", "how much in total",
        ),
        "export": (
            "export", "csv", "excel", "spreadsheet", "xlsx", "export invoices", "download invoices", "invoices as csv", "invoices in excel",
        ),
        "who am i": (
            "who am i", "whoami", "role", "account", "who is signed in", "switch company", "change company", "switch companies",
            "other company", "company", "companies",
        ),
        "contact": (
            "contact", "support", "contact us", "contact support", "customer service", "who can help", "get help from a person",
            "talk to somebody", "phone number",
        ),
        "sign in": ("sign in", "signin", "log in", "login", "sign me in", "log me in"),
        "sign out": ("sign out", "signout", "log out", "logout", "sign off", "log off", "sign me out", "log me out"),
        "reminders": (
            "reminders", "reminder", "reminder settings", "settings", "notifications", "remind me", "stop", "stop it", "stop that",
        ),
        "reminders on": ("reminders on", "turn on reminders", "turn reminders on", "start reminders", "enable reminders"),
        "reminders off": (
            "reminders off", "turn off reminders", "turn reminders off", "stop reminders", "stop reminding", "disable reminders",
            "unsubscribe", "no reminders", "opt out",
        ),
        "export my data": (
            "export my data", "export data", "download my data", "my data", "show my data", "what do you know about me",
            "what is kept about me",
        ),
        "delete my data": ("delete my data", "delete data", "forget me", "erase my data", "remove my data"),
        "help": ("help", "what can you do", "what can i do", "commands", "what can i ask", "how does this work", "hi", "hello", "start"),
        "thanks": (
            "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thank you so much", "thanks for your help",
            "thanks for the help", "thank you for your help", "thank you for the help", "thx",
        ),
        "ok": (
            "ok", "okay", "alright", "all right", "got it", "understood", "perfect", "no thanks", "no thank you", "that is all",
            "that's all",
        ),
        "bye": ("bye", "goodbye", "good bye", "bye bye", "see you", "see you later", "have a nice day"),
    },
    telling={
        **dict.fromkeys(("balance", "balances"), "balance"),
        **dict.fromkeys(("csv", "excel", "export"), "export"),
        **dict.fromkeys(("overdue", "late"), "overdue"),
        **dict.fromkeys(("latest", "newest", "recent"), "all"),
        **dict.fromkeys(("support", "contact"), "contact"),
        **dict.fromkeys(("unpaid", "outstanding", "open", "owe", "owed", "due"), "open"),
        **dict.fromkeys(("paid", "settled", "closed"), "paid"),
    },
    denying=frozenset({"no", "without", "none", "nothing"}),
    negating=frozenset({
        "not", "never", "un", "non", "dont", "doesnt", "didnt", "havent", "hasnt", "isnt", "arent", "wasnt", "werent", "cannot", "cant",
        "wont", "wouldnt", "shouldnt", "couldnt",
    }),
    reversing=("un", "non", "not-"),
    reminding=frozenset({
        "reminder", "reminders", "remind", "reminding", "reminded", "notification", "notifications", "unsubscribe",
    }),
    stopping=frozenset({"off", "stop", "pause", "disable", "cancel", "end", "unsubscribe", "deactivate", "quit"}),
    starting=frozenset({"on", "enable", "start", "resume", "activate"}),
    wanting=frozenset({"want", "need", "like", "wish", "send", "more", "longer", "anymore", "remind", "reminded", "reminding"}),
    beside=frozenset({
        "i", "we", "do", "did", "does", "turn", "switch", "set", "sending", "back", "again", "all", "any", "every", "these", "those",
        "this",
        "from", "be", "getting", "receive", "receiving", "them", "your", "immediately",
    }),
    about_one=(
        "invoice", "details", "detail", "pay", "usage", "print", "pdf", "show", "bill", "download", "snooze",
        "unsnooze", "mute", "unmute",
    ),
    orders={"pay": "pay", "usage": "usage", "print": "print", "pdf": "print"},
    snooze=frozenset({"snooze", "snoozed", "snoozing", "unsnooze", "mute", "muted", "unmute"}),
    wake=frozenset({"unsnooze", "unmute", "stop", "cancel", "undo"}),
    until={"tomorrow": "tomorrow", "3 days": "three_days", "three days": "three_days", "next week": "next_week", "due": "due"},
    later=frozenset({"later"}),
    ending=frozenset({"for", "until", "till", "til"}),
    counts=(("a", "an", "one"), ("two",), ("three",), ("four",), ("five",), ("six",), ("seven",), ("eight",), ("nine",), ("ten",)),
    lengths={"day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30, "year": 365},
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    months=(
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ),
    narrowing=frozenset((
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "tomorrow",
        "week",
        "month", "quarter", "year", "since", "between", "days", "months", "euro", "euros", "eur", "dollar", "dollars", "usd", "gbp",
        "pounds", "chf", "yen",
    )),
    bounding=frozenset({
        "over", "above", "more", "than", "under", "below", "least", "most", "exceeding", "between", "last", "past", "next", "older",
    }),
    units=frozenset({
        "day", "days", "weeks", "months", "years", "euro", "euros", "eur", "dollar", "dollars", "usd", "gbp", "pounds", "chf",
    }),
    fillers=frozenset((
        "in", "from", "this", "may", "during", "dated", "or", "i", "we", "a", "an", "the", "my", "our", "me", "us", "please", "pls",
        "thanks",
        "thank", "you", "could", "can", "would", "will", "want",
        "like", "i'd", "to", "see", "show", "list", "get", "give", "display", "tell", "check", "have", "look", "at", "for", "of",
        "now", "today", "currently", "just", "kindly", "hey", "ok", "okay", "so", "and", "still", "yet", "what", "what's", "whats", "is",
        "much",
    )),
    thanking=frozenset({"thanks", "thank"}),
)  # fmt: skip
