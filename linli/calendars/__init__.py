"""Working time, keyed by plain area codes ("" = the whole district); this floor knows no places.

A calendar is one of three kinds: round the clock, working hours (shifts), working days (shifts + whole days).
1. `actions.seed_calendars` makes the three defaults and the published Chinese holidays and make-up days.
2. `actions.save_calendar` gives a code its shifts, for the district or for one area; `drop_calendar` takes an area's away.
3. `actions.set_special_day` / `drop_special_day` move single days (an area's own, or before the publication).
4. `selectors.get_calendar(code, area)` → `worktime.WorkTime`, cached until one of these actions changes something.
5. `WorkTime.add / between / share / is_open / next_open` answer all questions without a database.
"""
