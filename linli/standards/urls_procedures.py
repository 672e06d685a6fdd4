"""Paths of procedures, under /desk/procedures/."""

from django.urls import path

from linli.standards.web import editor, procedures, rehearsing

urlpatterns = [
    path("", procedures.procedures, name="procedures"),
    path("all/", procedures.procedures_drawn, name="procedures_drawn"),
    path("new/", editor.procedure_new, name="procedure_new"),
    path("form/", editor.procedure_form, name="procedure_form"),
    path("<uuid:procedure_id>/", procedures.procedure, name="procedure"),
    path("<uuid:procedure_id>/edit/", editor.procedure_edit, name="procedure_edit"),
    path("<uuid:procedure_id>/dry/", rehearsing.rehearse_procedure, name="procedure_dry"),
    path("<uuid:procedure_id>/<slug:verb>/", procedures.procedure_do, name="procedure_do"),
]
