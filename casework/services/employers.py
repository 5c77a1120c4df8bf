"""Employers: found by their code or name, registered when they are new."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc as register
from stdnum.exceptions import InvalidChecksum, ValidationError

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
    said = {
        "name": name,
        "code": code,
        "unit": unit.pk if unit else None,
        "ownership": ownership or "",
        "industry": industry,
    }
    sql = _BY_CODE if code else _BY_NAME
    while True:  # nothing comes back when somebody else registers it at this moment
        for employer in Employer.objects.raw(sql, said):
            return employer


def read_uscc(text: str) -> str:
    """Return a unified social credit code as it is kept, "" for none; raises Invalid."""
    code = canonical(text)
    if not code:
        return ""
    try:
        return str(register.validate(code))
    except InvalidChecksum as fault:
        raise Invalid(
            _(
                "统一社会信用代码不对：校验码（最后一位）和前17位对不上，有一位填错了，"
                "请对照营业执照逐位核对。"
            ),
            field="uscc",
        ) from fault
    except ValidationError as fault:
        raise Invalid(
            _(
                "统一社会信用代码不对：应是18位数字和大写字母（没有I、O、Z、S、V），"
                "请对照营业执照核对。"
            ),
            field="uscc",
        ) from fault


_REGISTERED = """
    INSERT INTO casework_employer (name, uscc, unit_id, ownership, industry)
    SELECT %(name)s, %(code)s, %(unit)s, %(ownership)s, %(industry)s
"""
#: Of several of one name the one without a code, else the first.
_BY_NAME = f"""
    WITH known AS (
        SELECT * FROM casework_employer WHERE name = %(name)s ORDER BY uscc, id LIMIT 1
    ), registered AS (
        {_REGISTERED} WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT DO NOTHING RETURNING *
    )
    SELECT * FROM known UNION ALL SELECT * FROM registered
"""
_BY_CODE = f"""
    WITH known AS (
        SELECT * FROM casework_employer WHERE uscc = %(code)s
    ), given_its_code AS (
        UPDATE casework_employer SET uscc = %(code)s
        WHERE name = %(name)s AND uscc = '' AND NOT EXISTS (SELECT FROM known)
        RETURNING *
    ), registered AS (
        {_REGISTERED} WHERE NOT EXISTS (SELECT FROM known)
        AND NOT EXISTS (SELECT FROM given_its_code)
        ON CONFLICT DO NOTHING RETURNING *
    )
    SELECT * FROM known UNION ALL SELECT * FROM given_its_code
    UNION ALL SELECT * FROM registered
"""
