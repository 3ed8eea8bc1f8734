"""Print every break of a house rule; exit 1 where there is one."""

import sys

from tests.house import doors, shape, speech, words
from tests.house.source import Rule, sources

RULES: tuple[Rule, ...] = (
    shape.sizes,
    shape.quiet_imports,
    shape.frozen_values,
    shape.narrow_ports,
    speech.names,
    speech.traces,
    speech.links,
    doors.broad_excepts,
    doors.plain_billing,
    doors.honest_words,
    doors.strict_types,
    doors.wakeful_tests,
    doors.mirrored_tests,
    words.translated_python,
    words.translated_pages,
)


def main() -> int:
    """Return how the process ends."""
    breaks = [f"{source.path}:{line}: {what}" for source in sources() for rule in RULES for line, what in sorted(rule(source))]
    print("\n".join(breaks) or f"{len(RULES)} house rules kept")
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main())
