"""Place and people on duty. Area tree (district → street → community → grid), buildings and homes, organisations, posts
(who is what, where, until when), duty hours, rosters, absences. `duty.DutyBook.holder()` says who answers for a place
at a minute; `access.actor_for()` builds the Actor of a request."""
