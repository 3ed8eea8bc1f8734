"""All benchmarks and one report: ``python -m bench``, or in two minutes ``python -m bench --quick``.

Each one can also be run alone, ``python -m bench.turns`` say, and with ``--report`` what all of them have kept is put together.
"""

import argparse
import subprocess
import sys
from typing import Final

from bench import report
from bench.processes import ROOT

FULL: Final = (
    ("turns",),
    ("lists",),
    ("start",),
    ("overload",),
    ("two_processes",),
    ("reminders",),
    ("usage_csv",),
    ("sync",),
)
QUICK: Final = (("turns", "--quick"), ("start",))
"""What fits into two minutes on two processors that nobody else uses."""


def main() -> int:
    """Run the benchmarks one after the other, each in a process of its own, and write the report; 1 where one has failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the turns and the start, on a small mirror")
    parser.add_argument("--report", action="store_true", help="measure nothing, put together what is kept")
    arguments = parser.parse_args()
    chosen = () if arguments.report else QUICK if arguments.quick else FULL
    failed = [name for name, *words in chosen if _run(name, *words)]
    print(f"\n{report.write()}")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _run(name: str, *words: str) -> int:
    """Run one benchmark and return its exit status."""
    print(f"\n## {name}\n", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}", *words], cwd=ROOT, check=False).returncode  # noqa: S603 - our own module


if __name__ == "__main__":
    sys.exit(main())
