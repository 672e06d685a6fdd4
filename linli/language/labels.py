"""The closed lists of codes, as in data/taxonomy.json."""

INTENTS = ("question", "appeal", "sensitive", "emergency", "small_talk", "call_person")
DAILY = ("repair", "sanitation", "safety", "noise", "parking", "dispute", "help", "consult")
SENSITIVE = ("illegal_building", "pyramid_selling", "group_rental", "vice", "abuse")
CATEGORIES = (
    "property",
    "environment",
    "health",
    "education",
    "traffic",
    "safety",
    "municipal",
    "welfare",
    "commerce",
    "culture",
)
