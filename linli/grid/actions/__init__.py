"""The only writer of places, organisations, buildings, posts, leave, rosters and, for an area, working time.

Every verb asks `access.ask`, changes one thing in one transaction and records one event `grid.<verb>`. Said twice, a
verb changes nothing the second time: it gives back what is there. What readers share (`atlas`) is never changed here.
"""

from linli.grid.actions.areas import add_area, change_area
from linli.grid.actions.buildings import add_building, add_home, add_homes
from linli.grid.actions.duty import add_absence, end_absence, remove_roster_shift, set_roster_shift
from linli.grid.actions.organisations import add_organisation
from linli.grid.actions.posts import add_post, end_post

__all__ = [
    "add_absence", "add_area", "add_building", "add_home", "add_homes", "add_organisation", "add_post", "change_area",
    "end_absence", "end_post", "remove_roster_shift", "set_roster_shift",
]  # fmt: skip
