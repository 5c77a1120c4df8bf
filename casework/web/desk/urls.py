"""The addresses of the desk, the queue and the case."""

from django.urls import path

from casework.web.desk import (
    case,
    deadline,
    drafts,
    home,
    materials,
    mending,
    opening,
    papers,
    queue,
    reveal,
    rolls,
    search,
    steps,
)

urlpatterns = [
    path("", home.home, name="desk"),
    path("queue/", queue.queue, name="queue"),
    path("queue/claim/", queue.claim, name="queue_claim"),
    path("search/", search.search, name="search"),
    path("cases/new/", opening.kinds, name="case_kinds"),
    path("cases/new/<slug:kind>/", opening.new, name="case_new"),
    path(
        "cases/new/<slug:kind>/hints/",
        opening.new_hints,
        name="case_new_hints",
    ),
    path("cases/<int:case_id>/", case.case, name="case"),
    path("cases/<int:case_id>/peek/", queue.peek, name="case_peek"),
    path("cases/<int:case_id>/print/", case.paper, name="case_print"),
    path("cases/<int:case_id>/reveal/", reveal.reveal, name="case_reveal"),
    path("cases/<int:case_id>/steps/<slug:step>/", steps.step, name="case_step"),
    path(
        "cases/<int:case_id>/steps/<slug:step>/hints/",
        steps.step_hints,
        name="case_step_hints",
    ),
    path(
        "cases/<int:case_id>/steps/<slug:step>/draft/",
        drafts.draft,
        name="case_draft",
    ),
    path("cases/<int:case_id>/hands/<slug:act>/", steps.hand, name="case_hand"),
    path("cases/<int:case_id>/mending/<slug:act>/", mending.mend, name="case_mend"),
    path(
        "cases/<int:case_id>/mending/correct/<slug:field>/",
        mending.correct,
        name="case_correct",
    ),
    path(
        "cases/<int:case_id>/materials/<uuid:material_id>/",
        materials.material,
        name="case_material",
    ),
    path(
        "cases/<int:case_id>/papers/<slug:code>/",
        papers.paper,
        name="case_paper",
    ),
    path(
        "cases/<int:case_id>/papers/<slug:code>.xlsx",
        papers.workbook,
        name="case_workbook",
    ),
    path(
        "cases/<int:case_id>/clocks/<slug:target>/",
        deadline.deadline,
        name="case_clock",
    ),
    path("rolls/<slug:kind>/<slug:code>/", rolls.roll, name="roll"),
    path("rolls/<slug:kind>/<slug:code>/print/", rolls.sheet, name="roll_print"),
    path("rolls/<slug:kind>/<slug:code>/step/", rolls.step, name="roll_step"),
]
