"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.grid.web import places, roster

urlpatterns = [
    path("grid/", places.grid, name="grid"),
    path("grid/<uuid:area_id>/", places.grid, name="grid_area"),
    path("grid/<uuid:area_id>/add/<slug:what>/", places.add, name="grid_add"),
    path("grid/post/<uuid:post_id>/end/", places.end_post, name="grid_end_post"),
    path("grid/building/<uuid:building_id>/codes/", places.codes, name="lift_codes"),
    path("roster/", roster.roster, name="roster"),
    path("roster/<uuid:area_id>/", roster.roster, name="roster_area"),
    path("roster/<uuid:area_id>/shift/", roster.set_shift, name="roster_shift"),
    path("roster/<uuid:area_id>/shift/<uuid:shift_id>/remove/", roster.remove_shift, name="roster_remove"),
    path("roster/<uuid:area_id>/absence/", roster.add_absence, name="roster_absence"),
    path("roster/<uuid:area_id>/absence/<uuid:absence_id>/end/", roster.end_absence, name="roster_end_absence"),
]
