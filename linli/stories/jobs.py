"""All stories, so that `autodiscover_modules("jobs")` finds their handlers."""

from linli.stories import (
    concerned_hears,
    groups_follow_their_building,
    leaver_hands_her_orders_over,
    order_calls_its_people,
    order_tells_its_group,
    unknown_question_finds_its_answer,
    visit_is_near,
)

__all__ = [
    "concerned_hears", "groups_follow_their_building", "leaver_hands_her_orders_over", "order_calls_its_people",
    "order_tells_its_group", "unknown_question_finds_its_answer", "visit_is_near",
]  # fmt: skip
