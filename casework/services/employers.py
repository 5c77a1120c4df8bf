"""Employers: found by their code or name, registered when they are new."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc as register
from stdnum.exceptions import ValidationError

from casework.domain.errors import Invalid
from casework.domain.sealing import canonical
from casework.domain.vocabulary import Ownership
from casework.models import Employer, Unit


def find_or_register(
    *,
    name: str,
    uscc: str = "",
    unit: Unit | None = None,
    ownership: Ownership | None = None,
    industry: str = "",
) -> Employer:
    """Return the employer of the code, else of the name; register one that is new.

    What is registered stays as it is, but a code that was not known is added to the one
    employer of the name. Raises Invalid for an empty name or a wrong code (GB 32100).
    """
    name, code = name.strip(), read_uscc(uscc)
    if not name or len(name) > 100:
        raise Invalid(_("请填写单位名称，不超过100个字。"), field="employer")
    found = _known(name, code)
    if found is not None:
        return found
    employer = Employer(
        name=name, uscc=code, unit=unit, ownership=ownership or "", industry=industry
    )
    try:
        with transaction.atomic():
            employer.save()
    except IntegrityError:  # somebody else registered it at this moment
        found = _known(name, code)
        if found is None:
            raise
        return found
    return employer


def read_uscc(text: str) -> str:
    """Return a unified social credit code as it is kept, "" for none; raises Invalid."""
    code = canonical(text)
    if not code:
        return ""
    try:
        return str(register.validate(code))
    except ValidationError as fault:
        raise Invalid(
            _("统一社会信用代码不对：应是18位数字和大写字母，请对照营业执照核对。"),
            field="uscc",
        ) from fault


def _known(name: str, code: str) -> Employer | None:
    if code:
        found = Employer.objects.filter(uscc=code).first()
        return found or _given_its_code(name, code)
    # Of several of one name the one without a code, else the first.
    return Employer.objects.filter(name=name).order_by("uscc", "pk").first()


def _given_its_code(name: str, code: str) -> Employer | None:
    waiting = Employer.objects.filter(name=name, uscc="").first()
    if waiting is not None:
        waiting.uscc = code
        waiting.save(update_fields=["uscc"])
    return waiting
