"""The command line: reads the settings and runs one command."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import telemetry
from assembly import checking, reminding, running, teams_app
from backends.work365.mapping import BadMapping
from billing.access import AccountId, PersonId, TenantId
from billing.errors import Problem
from billing.reminding import MessageId
from settings import Settings, SettingsError
from settings_kinds import days, guid

FAILED = 1
UNUSABLE_SETTINGS = 2
LONGEST_REPORT_DAYS = 3650

Value = TypeVar("Value")


def main(words: Sequence[str]) -> int:
    """Run one command; 0 when it went well, 1 when it failed, 2 when the settings are wrong."""
    arguments = _arguments(words)
    try:
        settings = Settings.load()
    except SettingsError as error:
        print("The settings cannot be used:", *(f"  {each}" for each in error.wrong), sep="\n", file=sys.stderr)
        return UNUSABLE_SETTINGS
    telemetry.configure(settings.log_level)
    try:
        if arguments.command == "manifest":
            return 0 if teams_app.write(settings, arguments.out) else FAILED
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            return FAILED if runner.run(_chosen(arguments, settings)) is False else 0
    except (Problem, BadMapping, OSError) as error:
        print(f"{arguments.command or 'serve'} failed: {_why(error)}", file=sys.stderr)
        return FAILED


def _why(error: Problem | BadMapping | OSError) -> str:
    match error:
        case BadMapping():
            return "\n  ".join(["WORK365_MAPPING cannot be used:", *error.wrong])
        case OSError():
            return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        case _:
            return f"{type(error).__name__}: {error}"


def _event_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's, which takes less processor time a turn; there is none for Windows."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _chosen(arguments: argparse.Namespace, settings: Settings) -> Coroutine[object, object, bool | None]:
    match arguments.command:
        case "work":
            return running.work(settings)
        case "sync":
            return running.sync(settings, full=arguments.full)
        case "check":
            return checking.check(settings)
        case "remind":
            return _reminding(arguments, settings)
        case "forget":
            return running.forget(settings, TenantId(arguments.tenant), PersonId(arguments.user) if arguments.user else None)
        case _:
            return running.serve(settings)


def _reminding(arguments: argparse.Namespace, settings: Settings) -> Coroutine[object, object, bool | None]:
    if arguments.settle is not None:
        return reminding.settle(settings, MessageId(arguments.settle), resend=arguments.how == "resend")
    if arguments.company is not None:
        return reminding.set_company(settings, AccountId(arguments.company), arguments.days)
    if arguments.uncertain:
        return reminding.show_doubts(settings)
    if arguments.report is not None:
        return reminding.report(settings, arguments.report)
    return (reminding.rehearse if arguments.dry_run else reminding.remind)(settings, arguments.at)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="app.py", description="My Invoices for Microsoft Teams")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="the bot's web process (the default)")
    commands.add_parser("work", help="a worker: sync and reminders")
    syncing = commands.add_parser("sync", help="one pass from Work 365, then exit")
    syncing.add_argument("--full", action="store_true", help="compare everything, not only what has changed")
    remind = commands.add_parser("remind", help="one pass of reminders, then exit")
    _add_reminding(remind)
    commands.add_parser("check", help="test every setting and outside system")
    packing = commands.add_parser("manifest", help="write the Teams app package")
    packing.add_argument("--out", type=_told(_zip), default=Path("my-invoices.zip"), metavar="FILE.zip", help="default: my-invoices.zip")
    forgetting = commands.add_parser("forget", help="delete what the bot keeps of a person or company")
    forgetting.add_argument("--tenant", required=True, type=_told(guid), help="Entra tenant id")
    forgetting.add_argument("--user", type=_told(guid), help="Entra object id; everybody of the tenant where it is left out")
    arguments = parser.parse_args(words)
    if arguments.command == "remind":
        _refuse_what_does_nothing(remind, arguments)
    return arguments


def _add_reminding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=_told(_instant), help="as of this instant (2026-11-23T14:00:00Z); now where it is left out")
    jobs = parser.add_mutually_exclusive_group()
    jobs.add_argument("--dry-run", action="store_true", help="show who would get what, or nothing and why; change nothing")
    jobs.add_argument("--uncertain", action="store_true", help="list the messages of which nobody knows whether they arrived")
    about = "what became of the last days' reminders, by tenant; 7"
    jobs.add_argument("--report", type=_told(_past_days), nargs="?", const=7, metavar="DAYS", help=about)
    jobs.add_argument("--settle", type=int, metavar="ID", help="end the doubt about a message: it was sent, or resend it")
    jobs.add_argument("--company", type=_told(guid), metavar="ACCOUNT", help="set a company's own stages, with --days")
    parser.add_argument("how", nargs="?", choices=("sent", "resend"), help="how --settle ends it; sent")
    parser.add_argument("--days", type=_told(days), help="such as --days=-7,-1,0,3; REMINDER_DAYS where it is left out")


def _refuse_what_does_nothing(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """End with a usage error where a word belongs to an option that is missing: the pass that was not meant would reach people."""
    if arguments.how and arguments.settle is None:
        parser.error(f"{arguments.how!r} says how --settle ID ends a doubt: without --settle it means nothing")
    if arguments.at and (arguments.uncertain or arguments.report or arguments.settle is not None or arguments.company):
        parser.error("--at is the instant of a pass, or of its rehearsal: here it means nothing")
    if arguments.days is not None and arguments.company is None:
        parser.error("--days are those of a company: without --company ACCOUNT they mean nothing")


def _told(read: Callable[[str], Value]) -> Callable[[str], Value]:
    """Return *read* so that argparse tells its sentence."""

    def told(word: str) -> Value:
        try:
            return read(word)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return told


def _instant(word: str) -> datetime:
    try:
        moment = datetime.fromisoformat(word)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{word!r} is no instant with its time zone, such as 2026-11-23T14:00:00Z")
    return moment


def _zip(word: str) -> Path:
    if not word.lower().endswith(".zip"):
        raise ValueError(f"{word!r} must end in .zip: Teams takes nothing else")
    return Path(word)


def _past_days(word: str) -> int:
    if not (word.isdecimal() and 0 < int(word) <= LONGEST_REPORT_DAYS):
        raise ValueError(f"{word!r} is no number of days from 1 to {LONGEST_REPORT_DAYS}")
    return int(word)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
