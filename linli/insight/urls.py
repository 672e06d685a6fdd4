"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.insight import figures_web, web, week_web

urlpatterns = [
    path("opinion/", web.opinion, name="opinion"),
    path("opinion/export/", web.opinion_export, name="opinion_export"),
    path("figures/", figures_web.figures, name="figures"),
    path("week/", week_web.week, name="week"),
    path("week/<uuid:sheet_id>/print/", week_web.week_print, name="week_print"),
    path("week/<uuid:sheet_id>/picture/", week_web.week_picture, name="week_picture"),
    path("week/<uuid:sheet_id>/remark/", week_web.week_remark, name="week_remark"),
    path("figures/export/", figures_web.figures_export, name="figures_export"),
    path("figures/clauses/export/", figures_web.compliance_export, name="compliance_export"),
    path("figures/clauses/", figures_web.compliance, name="compliance"),
    path("figures/scores/", figures_web.scores_page, name="scores"),
    path("figures/scores/export/", figures_web.scores_export, name="scores_export"),
    path("figures/formula/", figures_web.set_formula, name="set_formula"),
]
