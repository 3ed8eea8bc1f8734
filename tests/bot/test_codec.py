"""Our codec against the SDK's own, activity by activity."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import Malformed
from bot.codec import decode, encode
from tests.bot.activities import NAMES, recorded

TEXT = st.text(max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
MOMENT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat)  # noqa: DTZ001 - bounds
ACCOUNT = st.fixed_dictionaries({"id": TEXT}, optional={"name": TEXT, "aadObjectId": TEXT, "role": TEXT, "tenantId": TEXT})
ACTIVITIES = st.fixed_dictionaries(
    {"type": TEXT, "id": TEXT},
    optional={
        "timestamp": MOMENT,
        "localTimestamp": MOMENT,
        "from": ACCOUNT,
        "recipient": ACCOUNT,
        "conversation": st.fixed_dictionaries({"id": TEXT}, optional={"isGroup": st.booleans(), "tenantId": TEXT, "properties": ANYTHING}),
        "membersAdded": st.lists(ACCOUNT, max_size=3),
        "reactionsAdded": st.lists(st.fixed_dictionaries({"type": TEXT}), max_size=2),
        "text": TEXT,
        "attachments": st.lists(st.fixed_dictionaries({"contentType": TEXT, "content": ANYTHING}, optional={"name": TEXT}), max_size=2),
        "entities": st.lists(st.dictionaries(TEXT, TEXT, max_size=2), max_size=2),
        "value": ANYTHING,
        "channelData": ANYTHING,
        "historyDisclosed": st.booleans(),
        "unheardOf": ANYTHING,
    },
)


def parts(found: Any) -> Any:
    """Return a model as plain values, all of its attributes among them."""
    if hasattr(found, "_attribute_map"):
        return {name: parts(value) for name, value in vars(found).items()}
    return [parts(each) for each in found] if isinstance(found, list) else found


def instants(wire: Any) -> Any:
    """Return JSON with the time stamps of an activity as instants, and without what is null."""
    if isinstance(wire, list):
        return [instants(each) for each in wire]
    if not isinstance(wire, dict):
        return wire
    stamps = {"timestamp", "localTimestamp"}
    return {key: datetime.fromisoformat(each) if key in stamps else instants(each) for key, each in wire.items() if each is not None}


def is_within(part: Any, whole: Any) -> bool:
    """Return whether everything in *part* is in *whole* as well."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_within(each, whole[key]) for key, each in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_within, part, whole))
    return bool(part == whole)


class TestRecorded:
    @pytest.mark.parametrize("name", NAMES)
    def test_is_read_as_the_sdk_reads_it(self, name: str) -> None:
        wire = recorded(name)

        assert parts(decode(wire)) == parts(Activity().deserialize(wire))

    @pytest.mark.parametrize("name", NAMES)
    def test_is_written_as_the_sdk_writes_it_and_loses_nothing(self, name: str) -> None:
        wire = recorded(name)

        written = instants(encode(decode(wire)))

        assert written == instants(wire)
        assert is_within(instants(Activity().deserialize(wire).serialize()), written)


class TestAnyActivity:
    @given(ACTIVITIES)
    def test_is_read_as_the_sdk_reads_it(self, wire: dict[str, Any]) -> None:
        assert parts(decode(wire)) == parts(Activity().deserialize(json.loads(json.dumps(wire))))

    @given(ACTIVITIES)
    def test_comes_back_as_it_went(self, wire: dict[str, Any]) -> None:
        again = json.loads(json.dumps(encode(decode(wire))))

        assert decode(again) == decode(wire)


class TestDecode:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"text": 5},
            {"text": ["a"]},
            {"from": "ada"},
            {"conversation": ["a"]},
            {"conversation": {"id": {}}},
            {"conversation": {"isGroup": "yes"}},
            {"entities": {}},
            {"entities": ["mention"]},
            {"membersAdded": [None, 1]},
            {"attachments": "none"},
            {"timestamp": "yesterday"},
            {"timestamp": 1763906400},
            {"historyDisclosed": 1},
            {"locale": {}},
        ],
    )
    def test_refuses_a_known_field_of_another_type(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(Malformed):
            decode({"type": "message", **wrong})

    def test_keeps_what_it_does_not_know(self) -> None:
        assert decode({"type": "message", "new": [{"a": 1}]}).additional_properties == {"new": [{"a": 1}]}

    def test_takes_null_for_absent(self) -> None:
        assert decode({"type": "message", "text": None, "from": None}).text is None


class TestEncode:
    def test_writes_a_reference_that_speaks_to_the_same_chat(self) -> None:
        wire = recorded("message")

        reference = encode(TurnContext.get_conversation_reference(decode(wire)))

        assert reference["conversation"] == wire["conversation"]
        assert reference["user"] == wire["from"]
        assert reference["bot"] == wire["recipient"]
        assert reference["serviceUrl"] == wire["serviceUrl"]

    def test_leaves_out_what_is_not_set(self) -> None:
        assert encode(Activity(type="typing")) == {"type": "typing"}

    def test_writes_the_zone_of_a_moment(self) -> None:
        moment = datetime(2026, 11, 23, 9, tzinfo=timezone(-timedelta(hours=5)))

        assert encode(Activity(type="message", local_timestamp=moment))["localTimestamp"] == "2026-11-23T09:00:00-05:00"
