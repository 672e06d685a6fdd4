"""All stories, so that `autodiscover_modules("jobs")` finds their handlers."""

from linli.stories import (
    groups_follow_their_building,
    leaver_hands_her_orders_over,
    order_calls_its_people,
    order_tells_its_group,
    unknown_question_finds_its_answer,
)

__all__ = [
    "groups_follow_their_building", "leaver_hands_her_orders_over", "order_calls_its_people", "order_tells_its_group",
    "unknown_question_finds_its_answer",
]  # fmt: skip
