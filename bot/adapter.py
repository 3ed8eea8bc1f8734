"""botbuilder's adapter over our connector: the SDK's turn model without its authentication, client and serializer."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportOptionalMemberAccess=false

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, cast

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ConversationReference, InvokeResponse, ResourceResponse

from bot.codec import encode
from bot.connector import Connector

log = logging.getLogger(__name__)

OnTurn = Callable[[TurnContext], Awaitable[None]]

_SINCE: Final = "since"


def waited_s(context: TurnContext) -> float:
    """Return for how long whoever caused this turn has been waiting."""
    return monotonic() - cast("float", context.turn_state[_SINCE])


class Channel(BotAdapter):
    """Runs turns and delivers what they say."""

    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self._connector = connector

    async def run(self, activity: Activity, on_turn: OnTurn, since: float | None = None) -> InvokeResponse | None:
        """Run one turn; the answer to an invoke comes back, everything else goes to Teams.

        since  when it was accepted, by the monotonic clock; now where that is left out
        """
        context = TurnContext(self, activity)
        context.turn_state[_SINCE] = monotonic() if since is None else since
        await self.run_pipeline(context, on_turn)
        answered = cast("Activity | None", context.turn_state.get(BotAdapter._INVOKE_RESPONSE_KEY))  # noqa: SLF001 - the SDK's own seam
        return answered.value if answered is not None else None

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Send in order; an invoke's answer is kept for the HTTP response instead."""
        return [await self._send(context, activity) for activity in activities]

    async def _send(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        if activity.type == ActivityTypes.invoke_response:
            context.turn_state[BotAdapter._INVOKE_RESPONSE_KEY] = activity  # noqa: SLF001
            return ResourceResponse()
        sent = await self._connector.send(activity.service_url, activity.conversation.id, encode(activity))
        return ResourceResponse(id=sent)

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        """Replace one of our own messages."""
        await self._connector.update(activity.service_url, activity.conversation.id, activity.id, encode(activity))
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Delete one of our own messages."""
        await self._connector.delete(reference.service_url, reference.conversation.id, reference.activity_id)
