"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.standards.web import editor, procedures, rehearsing

urlpatterns = [
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/all/", procedures.procedures_drawn, name="procedures_drawn"),
    path("procedures/new/", editor.procedure_new, name="procedure_new"),
    path("procedures/form/", editor.procedure_form, name="procedure_form"),
    path("procedures/<uuid:procedure_id>/", procedures.procedure, name="procedure"),
    path("procedures/<uuid:procedure_id>/edit/", editor.procedure_edit, name="procedure_edit"),
    path("procedures/<uuid:procedure_id>/dry/", rehearsing.rehearse_procedure, name="procedure_dry"),
    path("procedures/<uuid:procedure_id>/<slug:verb>/", procedures.procedure_do, name="procedure_do"),
]
