"""All stories, so that `autodiscover_modules("jobs")` finds their handlers."""

from linli.stories import order_calls_its_people, order_tells_its_group, unknown_question_finds_its_answer

__all__ = ["order_calls_its_people", "order_tells_its_group", "unknown_question_finds_its_answer"]
