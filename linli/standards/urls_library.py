"""Paths of the standards library, under /desk/standards/. A standard is named by its code in capitals, then its version."""

from django.urls import path, re_path

from linli.standards.web import library, library_edit, library_tables

CODE = "(?P<code>[A-Z]{2,8})"
ONE = rf"^{CODE}/(?P<version>\d{{1,5}})/"
NUMBER = r"(?P<number>\d{1,2}\.\d{1,2})"
urlpatterns = [
    path("", library.contents, name="standards"),
    path("new/", library_edit.new, name="standard_new"),
    path("table/", library_tables.export, name="standards_table"),
    path("table/in/", library_tables.take_in, name="standards_table_in"),
    re_path(r"^clause/(?P<code>[A-Z]{2,8}-\d{1,2}\.\d{1,2})/$", library.clause, name="standard_clause"),
    re_path(rf"^{CODE}/$", library.document, name="standard"),
    re_path(rf"^{CODE}/compare/$", library.compared, name="standard_compare"),
    re_path(rf"{ONE}$", library.document, name="standard_version"),
    re_path(rf"{ONE}print/$", library.printed, name="standard_print"),
    re_path(rf"{ONE}head/$", library_edit.head, name="standard_head"),
    re_path(rf"{ONE}clause/$", library_edit.clause, name="standard_clause_new"),
    re_path(rf"{ONE}clause/{NUMBER}/$", library_edit.clause, name="standard_clause_edit"),
    re_path(rf"{ONE}do/(?P<verb>revise|submit|return|approve|drop)/$", library_edit.do, name="standard_do"),
]
