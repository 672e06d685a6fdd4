"""The only writer of places, organisations, buildings, posts, leave, rosters and, for an area, working time.

Every verb asks `access.ask`, changes one thing in one transaction and records one event `grid.<verb>`. Said twice, a
verb changes nothing the second time: it gives back what is there. What readers share (`atlas`) is never changed here.
"""

from linli.grid.actions.areas import add_area, change_area, restore_area
from linli.grid.actions.buildings import add_building, add_home, add_homes, change_building, view_homes
from linli.grid.actions.colleagues import change_colleague, renew_link
from linli.grid.actions.duty import add_absence, end_absence, remove_roster_shift, set_roster_shift
from linli.grid.actions.hours import drop_hours, drop_special_days, set_hours, set_special_days
from linli.grid.actions.organisations import add_organisation, change_organisation
from linli.grid.actions.posts import add_post, end_post

__all__ = [
    "add_absence", "add_area", "add_building", "add_home", "add_homes", "add_organisation", "add_post", "change_area",
    "change_building", "change_colleague", "change_organisation", "drop_hours", "drop_special_days", "end_absence",
    "end_post", "remove_roster_shift", "renew_link", "restore_area", "set_hours", "set_roster_shift", "set_special_days",
    "view_homes",
]  # fmt: skip
