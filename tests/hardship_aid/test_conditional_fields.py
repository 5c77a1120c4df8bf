"""A field that another answer makes required says so, and says when."""

import re

import pytest

from casework.lifecycle import StepForm
from workflows.hardship_aid.case_type import HARDSHIP_AID
from workflows.hardship_aid.file_lifecycle import HARDSHIP_FILE
from workflows.hardship_aid.forms.publicity import PublishForm

KINDS = (HARDSHIP_AID, HARDSHIP_FILE)
FORMS: set[type[StepForm]] = {
    *(kind.opening.form for kind in KINDS),
    *(step.form for kind in KINDS for step in kind.steps.values()),
}


@pytest.mark.parametrize(
    "form",
    [form for form in sorted(FORMS, key=str) if form.conditional],
    ids=lambda form: form.__name__,
)
def test_a_conditional_field_is_optional_and_names_its_condition(
    form: type[StepForm],
) -> None:
    for name in form.conditional:
        field = form.base_fields[name]
        assert not field.required, name
        assert field.help_text, name


def test_its_label_says_that_it_depends() -> None:
    form = PublishForm()

    drawn = {
        name: re.findall(r"<small>([^<]+)</small>", form[name].as_field_group())
        for name in ("category", "aid_sum", "fund_level")
    }

    assert drawn == {
        "category": [],
        "aid_sum": ["可以不填"],
        "fund_level": ["视情况必填"],
    }
