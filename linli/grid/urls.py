"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.grid.web import adding, buildings, changing, colleagues, hours, places, roster

urlpatterns = [
    path("grid/", places.grid, name="grid"),
    path("grid/district/", adding.add_district, name="add_district"),
    path("grid/<uuid:area_id>/", places.grid, name="grid_area"),
    path("grid/<uuid:area_id>/buildings/", places.buildings, name="buildings"),
    path("grid/<uuid:area_id>/add/<slug:what>/", adding.add, name="grid_add"),
    path("grid/<uuid:area_id>/change/", changing.change_area, name="change_area"),
    path("grid/<uuid:area_id>/end/", changing.end_area, name="end_area"),
    path("grid/<uuid:area_id>/restore/", changing.restore_area, name="restore_area"),
    path("grid/building/<uuid:building_id>/", buildings.building, name="building"),
    path("grid/building/<uuid:building_id>/change/", buildings.change_building, name="change_building"),
    path("grid/building/<uuid:building_id>/homes/", buildings.add_homes, name="add_homes"),
    path("grid/building/<uuid:building_id>/view/", buildings.view_homes, name="view_homes"),
    path("grid/building/<uuid:building_id>/codes/", buildings.codes, name="lift_codes"),
    path("grid/organisation/<uuid:org_id>/", changing.organisation, name="organisation"),
    path("grid/organisation/<uuid:org_id>/change/", changing.change_organisation, name="change_organisation"),
    path("grid/colleagues/", colleagues.colleagues, name="colleagues"),
    path("grid/colleague/<uuid:account_id>/", colleagues.colleague, name="colleague"),
    path("grid/colleague/<uuid:account_id>/change/", colleagues.change_colleague, name="change_colleague"),
    path("grid/colleague/<uuid:account_id>/active/", colleagues.set_active, name="colleague_active"),
    path("grid/colleague/<uuid:account_id>/link/", colleagues.renew_link, name="renew_link"),
    path("grid/colleague/<uuid:account_id>/post/", colleagues.add_post, name="add_post"),
    path("grid/post/<uuid:post_id>/end/", colleagues.end_post, name="grid_end_post"),
    path("grid/hours/", hours.hours, name="hours"),
    path("grid/hours/<uuid:area_id>/", hours.hours, name="hours_area"),
    path("grid/hours/<uuid:area_id>/set/", hours.set_hours, name="set_hours"),
    path("grid/hours/<uuid:area_id>/drop/", hours.drop_hours, name="drop_hours"),
    path("grid/hours/<uuid:area_id>/days/", hours.set_special_days, name="set_special_days"),
    path("grid/hours/<uuid:area_id>/days/drop/", hours.drop_special_days, name="drop_special_days"),
    path("roster/", roster.roster, name="roster"),
    path("roster/<uuid:area_id>/", roster.roster, name="roster_area"),
    path("roster/<uuid:area_id>/shift/", roster.set_shift, name="roster_shift"),
    path("roster/<uuid:area_id>/shift/<uuid:shift_id>/remove/", roster.remove_shift, name="roster_remove"),
    path("roster/<uuid:area_id>/absence/", roster.add_absence, name="roster_absence"),
    path("roster/<uuid:area_id>/absence/<uuid:absence_id>/end/", roster.end_absence, name="roster_end_absence"),
]
