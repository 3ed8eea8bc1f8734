"""What a sentence without an invoice's number means: word by word, so that nothing is understood against what it denies."""

from collections.abc import Sequence
from itertools import takewhile

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from billing.invoice import Show
from bot.asks import ACTING, Ask
from bot.vocabulary import (
    BESIDE,
    COMMANDS,
    DENYING,
    FILLERS,
    MEANING,
    NEGATING,
    REMINDING,
    STARTING,
    STOPPING,
    TELLING,
    THANKING,
    WANTING,
    is_denied,
    upright,
)  # fmt: skip

SHORTEST_SLIP = 4
SHORTEST_TOLD = 5
CLOSE = 68
SPREAD = 15
FARTHEST = 3
MOST_WORDS = 60
POLITE = 5
"""Small words that may stand before and after what is asked for."""

MOST_NEAREST = 3


def without_fillers(words: Sequence[str]) -> str:
    """Return the words that mean something by themselves."""
    return " ".join(word for word in words if word not in FILLERS)


def exact(words: Sequence[str]) -> Ask | Show | None:
    """Return what a whole phrase stands for, polite words aside."""
    return next((MEANING[each] for each in _readings(words) if each in MEANING), None)


def _readings(words: Sequence[str]) -> list[str]:
    """Return a sentence with fewer and fewer of its small words: some phrases need theirs ("sign in", "Erinnerungen aus")."""
    before, after = _small(words), _small(words[::-1])
    cuts = sorted(((i, j) for i in range(before + 1) for j in range(after + 1)), key=lambda cut: (sum(cut), cut[1]))
    whole = (" ".join(words[i : len(words) - j]) for i, j in cuts)
    return list(dict.fromkeys((*whole, without_fillers(words))))


def _small(words: Sequence[str]) -> int:
    """Return how many of the first words mean nothing by themselves, as far as politeness goes."""
    return len(list(takewhile(lambda word: word in FILLERS, words[:POLITE])))


def meaning(words: Sequence[str]) -> Ask | Show | None:
    """Return what is meant by a sentence that is no phrase as it stands; None where that is not certain."""
    if not without_fillers(words) and not THANKING.isdisjoint(words):
        return Ask.THANKS
    fixed = [upright(word) for word in words[:MOST_WORDS]]
    is_not = is_denied(fixed)
    found = (None if is_not else _slip(words, fixed)) or exact(fixed)
    if found is not None:
        return found
    if not REMINDING.isdisjoint(fixed):
        return _reminders(fixed)
    if is_not:
        return Show.OPEN if _is_unpaid(fixed) else None
    return _told(words, fixed)


def nearest(words: Sequence[str]) -> tuple[str, ...]:
    """Return at most three commands that come close to what was said, the closest first; none that acts on what it denies."""
    barred = ACTING if is_denied(map(upright, words[:MOST_WORDS])) else frozenset[Ask]()
    asked = [phrase for phrase, meant in MEANING.items() if meant in COMMANDS and meant not in barred]
    tried = [without_fillers(words) or " ".join(words), *(word for word in words[:MOST_WORDS] if len(word) >= SHORTEST_SLIP)]
    hits = [hit for each in tried for hit in process.extract(each, asked, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=8)]
    hits.sort(key=lambda hit: -hit[1])
    near = (phrase for phrase, score, _ in hits if score >= hits[0][1] - SPREAD)
    return tuple(dict.fromkeys(COMMANDS[MEANING[phrase]] for phrase in near))[:MOST_NEAREST]


def _reminders(fixed: Sequence[str]) -> Ask:
    """Turn reminders off or on where nothing else can be meant; wherever in doubt, show the settings, which say how they are."""
    said = set(fixed)
    is_plain = said <= BESIDE | REMINDING | STOPPING | STARTING | WANTING | DENYING | NEGATING | FILLERS | _contracted(said)
    stops, starts = not STOPPING.isdisjoint(said), not STARTING.isdisjoint(said)
    if not is_plain or stops is starts is True:
        return Ask.REMINDERS
    if is_denied(fixed):
        return Ask.REMINDERS_OFF if not stops and not starts and not WANTING.isdisjoint(said) else Ask.REMINDERS
    return Ask.REMINDERS_OFF if stops else Ask.REMINDERS_ON if starts else Ask.REMINDERS


def _contracted(words: set[str]) -> set[str]:
    return {word for word in words if word.endswith("n't")}


def _is_unpaid(fixed: Sequence[str]) -> bool:
    """Whether it is being paid that is denied: "have not been paid"; "no paid bills" denies something else."""
    negated = [place for place, word in enumerate(fixed) if word in NEGATING or word.endswith("n't")]
    return any(TELLING.get(word) is Show.PAID for place in negated for word in fixed[place + 1 : place + 1 + FARTHEST])


def _slip(words: Sequence[str], fixed: Sequence[str]) -> Ask | Show | None:
    """Return the meaning of the phrase that one slip of the finger turned into this, blanks included, if only one can be meant.

    Never one that acts, and never against a telling word.
    """
    told = {TELLING[word] for word in fixed if word in TELLING}
    for said in _readings(words):
        hits = process.extract(said, list(MEANING), scorer=OSA.distance, score_cutoff=1, limit=8) if len(said) >= SHORTEST_SLIP else ()
        meant = {MEANING[phrase] for phrase, _, _ in hits}
        if not ACTING.isdisjoint(meant):
            return None
        if len(meant) == 1 and told <= meant:
            return meant.pop()
    return None


def _told(words: Sequence[str], fixed: Sequence[str]) -> Ask | Show | None:
    """Return what one telling word stands for in a longer sentence; a mended one counts if it is not a short one."""
    said = {*words, *(each for word, each in zip(words, fixed, strict=False) if len(word) >= SHORTEST_TOLD)}
    return next((TELLING[word] for word in TELLING if word in said), None)
