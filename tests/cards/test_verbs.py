"""What buttons carry, and how an untrusted answer is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import Malformed
from billing.invoice import ContractId, InvoiceId, Position, Show, Turn, Wanted
from cards.verbs import Place, decode, encode, invoice_id
from tests import make

ID = InvoiceId(make.guid("INV-1"))
POSITIONS = st.builds(Position, st.just("") | st.dates().map(str), st.uuids().map(lambda each: InvoiceId(str(each))))


class TestPosition:
    def test_is_written_as_date_and_id(self) -> None:
        assert encode(Position("2026-11-30", ID)) == f"2026-11-30~{ID}"

    def test_is_written_without_a_date_where_there_is_none(self) -> None:
        assert encode(Position("", ID)) == f"~{ID}"

    @given(POSITIONS)
    def test_comes_back_as_it_was(self, position: Position) -> None:
        assert decode(encode(position)) == position

    @pytest.mark.parametrize(
        "word",
        [
            "",
            "~",
            ID,
            f"2026-02-30~{ID}",
            f"20261130~{ID}",
            f"2026-11-30~{ID} ",
            f"2026-11-30~{ID}\n",
            "2026-11-30~x' OR 1=1",
            7,
            None,
            [],
            {},
        ],
    )
    def test_refuses_anything_else(self, word: object) -> None:
        with pytest.raises(Malformed):
            decode(word)


class TestPlace:
    @given(
        st.builds(
            Place,
            st.sampled_from(Show),
            st.none() | st.uuids().map(lambda each: ContractId(str(each))),
            POSITIONS,
            st.sampled_from(Turn),
        )
    )
    def test_comes_back_from_a_button_as_it_was(self, place: Place) -> None:
        assert Place.read(place.carried()) == place

    def test_is_the_open_invoices_when_a_button_names_none(self) -> None:
        assert Place.read({}) == Place(Show.OPEN)

    def test_ignores_what_an_input_of_another_card_adds(self) -> None:
        assert Place.read({"show": "paid", "contract": "all", "note": "x"}) == Place(Show.PAID)

    def test_asks_the_question_that_it_came_from(self) -> None:
        wanted = Wanted(Show.PAID, make.TODAY, 8, ContractId(make.guid("contract")), Position("", ID), Turn.BEFORE)

        assert Place.of(wanted).wanted(make.TODAY, 8) == wanted

    @pytest.mark.parametrize(
        "sent",
        [
            {"show": "everything"},
            {"show": ["open"]},
            {"show": None},
            {"contract": "x"},
            {"contract": ""},
            {"contract": {"id": 1}},
            {"after": "x"},
            {"after": f"~{ID}", "before": f"~{ID}"},
        ],
    )
    def test_refuses_what_it_did_not_write(self, sent: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            Place.read(sent)


class TestInvoiceId:
    def test_reads_a_guid_in_any_case(self) -> None:
        assert invoice_id({"invoice": ID.upper()}) == ID

    @pytest.mark.parametrize("sent", [{}, {"invoice": None}, {"invoice": "../x"}, {"invoice": [ID]}, {"invoice": ID + "\n"}])
    def test_refuses_anything_else(self, sent: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            invoice_id(sent)
