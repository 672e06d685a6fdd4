"""Text in, dataclass out: what a message means, where, how urgent; words for search; answers from a knowledge base.

The life of a message here: `text.readable` bounds and cleans it → `lexicon` finds things and cues →
`features` and `model` guess intent, kind and category → `signals` add what words say plainly → `filing` and
`topics` file it → `places` read where → `understand.understand` joins all into an `Understanding`.
Two messages: `matters.same_matter`. A question: `retriever.Retriever`. Training: `train`; which model is used: `versions`; whether a new one
may be: `golden`.
No Django here; nothing raises on any text.
"""

from linli.language.labels import CATEGORIES, DAILY, INTENTS, SENSITIVE
from linli.language.matters import Matter, same_matter
from linli.language.model import ModelMissing
from linli.language.neutral import neutral, public_words, without_people
from linli.language.places import Gazetteer, Place, building_key, find_place, spot_of
from linli.language.retriever import Answer, Hit, Retriever
from linli.language.text import normalise
from linli.language.understand import Understanding, understand, understand_many
from linli.language.words import query_tokens, search_tokens

__all__ = [
    "CATEGORIES",
    "DAILY",
    "INTENTS",
    "SENSITIVE",
    "Answer",
    "Gazetteer",
    "Hit",
    "Matter",
    "ModelMissing",
    "Place",
    "Retriever",
    "Understanding",
    "building_key",
    "find_place",
    "neutral",
    "normalise",
    "public_words",
    "query_tokens",
    "same_matter",
    "search_tokens",
    "spot_of",
    "understand",
    "understand_many",
    "without_people",
]
