"""People, their accounts and their hats: the only door for a change to any of them.

Accounts and memberships are the business of the security administrator of the city in
which the unit lies; nobody appoints himself (assurance.md, abuse 13).
"""

import secrets
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework import access, wording
from casework.access import LEVELS_OF_ROLE, Actor
from casework.domain.errors import Forbidden, Invalid
from casework.domain.vocabulary import Role
from casework.models import Membership, Person, Unit, User
from casework.services import audit
from casework.wording import enumeration, word

# No letter or digit that is mistaken for another when it is read out over the phone.
_CLEAR_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_INITIAL_PASSWORD_LENGTH = 12


def register_person(*, name: str, by: Actor) -> Person:
    """Register a member of staff and return the person.

    Raises Forbidden for anybody but a security administrator, Invalid for a bad name.
    """
    _must_administer(by)
    person = Person(name=name.strip())
    _check(person)
    person.save()
    return person


def open_account(
    *, person: Person | None, username: str, by: Actor
) -> tuple[User, str]:
    """Open an account for the person; return it with the password for the first log-in.

    The password is shown once and has to be changed at that log-in. Raises Invalid
    without a person or when the log-in name is taken or malformed, Forbidden when the
    person is not in the administrator's charge.
    """
    if person is None or person.pk is None:
        raise Invalid(
            _("账号必须对应一个人：先登记人员，再给他开账号。"), field="person"
        )
    _must_be_in_charge(by, person)
    user = User(person=person, username=username.strip(), must_change_password=True)
    password = _initial_password()
    user.set_password(password)
    _check(user)
    with transaction.atomic():
        user.save()
        _record_account("account.opened", user, by)
    return user, password


@transaction.atomic
def register_with_account(*, name: str, username: str, by: Actor) -> tuple[User, str]:
    """Register a person and open the first account: both, or neither.

    Returns and raises what `open_account` does.
    """
    return open_account(
        person=register_person(name=name, by=by), username=username, by=by
    )


def reset_password(*, user: User, by: Actor) -> str:
    """Give the account a new first password and return it; its sessions end."""
    _must_be_in_charge(by, user.person)
    password = _initial_password()
    user.set_password(password)
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        _record_account("account.password_reset", user, by)
    return password


def close_account(*, user: User, by: Actor) -> User:
    """Stop the account: its sessions end with their next request."""
    return _switch(user, active=False, by=by)


def reopen_account(*, user: User, by: Actor) -> User:
    """Let a stopped account log in again."""
    return _switch(user, active=True, by=by)


def appoint(
    *,
    person: Person,
    unit: Unit,
    role: Role,
    first_day: date,
    last_day: date | None = None,
    by: Actor,
) -> Membership:
    """Give the person a hat from `first_day` to `last_day` (inclusive; None: open).

    Raises Invalid when the role does not exist at the unit's level, the days are in the
    wrong order or outside the unit's own, or the same hat is already worn in between;
    Forbidden for oneself and outside the administrator's city.
    """
    _must_be_in_charge(by, person)
    _must_hold_the_unit(by, unit)
    _must_not_be_oneself(by, person)
    _must_fit_the_level(role, unit)
    during = _term(first_day, last_day)
    membership = Membership(person=person, unit=unit, role=role, during=during)
    with transaction.atomic():
        # At this moment the unit may be closing, or another administrator may be
        # appointing the same person.
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _must_be_covered(membership)
        _must_not_overlap(membership)
        membership.save()
        _record("hat.given", membership, by)
    return membership


def end_appointment(*, membership: Membership, last_day: date, by: Actor) -> Membership:
    """Let the hat end with `last_day`, which may only move it earlier or close it.

    Raises Invalid when the day lies before the first or after the present last day.
    """
    _must_hold_the_unit(by, membership.unit)
    during = membership.during
    end = last_day + timedelta(days=1)
    if end <= during.lower:
        raise Invalid(
            _("最后一天不能早于任职第一天 %(day)s。")
            % {"day": wording.day(during.lower)},
            field="last_day",
        )
    if during.upper is not None and end > during.upper:
        raise Invalid(
            _("任期已定到 %(day)s。要延长，请另办一次任职。")
            % {"day": wording.day(during.upper - timedelta(days=1))},
            field="last_day",
        )
    membership.during = DateRange(during.lower, end)
    with transaction.atomic():
        membership.save(update_fields=["during"])
        _record("hat.ended", membership, by)
    return membership


def speak(*, user: User, language: str) -> None:
    """Keep the language in which the site speaks to this account."""
    user.language = language
    user.save(update_fields=["language"])


def choose_password(*, user: User, password: str) -> None:
    """Set the password that the account's own person chose."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


def _switch(user: User, *, active: bool, by: Actor) -> User:
    _must_be_in_charge(by, user.person)
    _must_not_be_oneself(by, user.person)
    user.is_active = active
    with transaction.atomic():
        user.save(update_fields=["is_active"])
        _record_account("account.reopened" if active else "account.closed", user, by)
    return user


def _record(verb: str, hat: Membership, by: Actor) -> None:
    facts = {
        "person": hat.person_id,
        "unit": hat.unit.code,
        "role": str(hat.role),
        "first_day": hat.during.lower.isoformat(),
        "last_day": hat.last_day.isoformat() if hat.last_day else None,
    }
    audit.record(verb, unit=hat.unit, by=by, facts={"hat": facts})


def _record_account(verb: str, user: User, by: Actor) -> None:
    facts = {"user": user.pk, "person": user.person_id}
    unit = by.membership.unit if by.membership else None
    audit.record(verb, unit=unit, by=by, facts={"account": facts})


def _initial_password() -> str:
    return "".join(
        secrets.choice(_CLEAR_CHARACTERS) for _ in range(_INITIAL_PASSWORD_LENGTH)
    )


def _term(first_day: date, last_day: date | None) -> DateRange:
    if last_day is not None and last_day < first_day:
        raise Invalid(_("任职最后一天不能早于第一天。"), field="last_day")
    return DateRange(first_day, last_day + timedelta(days=1) if last_day else None)


def _must_be_covered(hat: Membership) -> None:
    if not Unit.objects.filter(pk=hat.unit_id, during__contains=hat.during).exists():
        raise Invalid(
            _("%(unit)s在这段任期内不是一直有效，请改任期或另选单位。")
            % {"unit": hat.unit.name},
            field="first_day",
        )


def _must_administer(by: Actor) -> None:
    if not by.wears(Role.SECURITY_ADMINISTRATOR, Role.SYSTEM):
        raise Forbidden(
            _("只有%(role)s能登记人员、开账号、办任职。")
            % {"role": word(Role.SECURITY_ADMINISTRATOR)}
        )


def _must_be_in_charge(by: Actor, person: Person) -> None:
    _must_administer(by)
    if not access.people_in_charge(by).filter(pk=person.pk).exists():
        raise Forbidden(
            _("%(name)s不在您管的城市任职，请找那里的安全管理员。")
            % {"name": person.name}
        )


def _must_hold_the_unit(by: Actor, unit: Unit) -> None:
    _must_administer(by)
    if not access.holds(by, unit):
        raise Forbidden(
            _("%(unit)s不在您管的范围内，请找那里的安全管理员。") % {"unit": unit.name}
        )


def _must_not_be_oneself(by: Actor, person: Person) -> None:
    if by.person is not None and by.person.pk == person.pk:
        raise Forbidden(
            _("不能给自己办任职或停用、恢复自己的账号，请另一位安全管理员来办。")
        )


def _must_fit_the_level(role: Role, unit: Unit) -> None:
    levels = LEVELS_OF_ROLE.get(role, frozenset())
    if unit.level not in levels:
        raise Invalid(
            _("%(role)s这个岗位不设在%(level)s，只设在：%(levels)s。请换岗位或换单位。")
            % {
                "role": word(role),
                "level": word(unit.level),
                "levels": enumeration(
                    word(lv) for lv in type(unit.level) if lv in levels
                ),
            },
            field="role",
        )


def _must_not_overlap(membership: Membership) -> None:
    worn = Membership.objects.filter(
        person=membership.person,
        unit=membership.unit,
        role=membership.role,
        during__overlap=membership.during,
    ).first()
    if worn is not None:
        raise Invalid(
            _(
                "%(name)s在%(unit)s已经是%(role)s（%(term)s），任期不能重叠。"
                "请先结束那一段，或从它之后起算。"
            )
            % {
                "name": membership.person.name,
                "unit": membership.unit.name,
                "role": word(membership.role),
                "term": worn.term,
            },
            field="first_day",
        )


def _check(row: Person | User) -> None:
    try:
        row.full_clean()
    except ValidationError as mistake:
        field, messages = next(iter(mistake.message_dict.items()))
        raise Invalid(messages[0], field=field) from mistake
