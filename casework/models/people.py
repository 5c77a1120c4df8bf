"""People, their accounts, and the hats they wear in units."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import wording
from casework.domain.vocabulary import Role
from casework.models.fields import WordField
from casework.models.units import Unit


def _one_value(range_type: str, column: str) -> Func:
    return Func(F(column), F(column), Value("[]"), function=range_type)


class Person(models.Model):
    """A human being, staff or applicant; rules compare persons, never accounts."""

    name = models.CharField(_("姓名"), max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Accounts are opened by `casework.services.people`; this finds them at log-in."""

    def get_queryset(self) -> models.QuerySet["User"]:
        # Every request asks for the person behind the account.
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account: a way for one person to log in. A person may have several."""

    username = models.CharField(
        _("登录名"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="accounts"
    )
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    def __str__(self) -> str:
        return self.username


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about who wears which hat when."""

    def on(self, day: date) -> "MembershipQuerySet":
        """Return the memberships in force on the day."""
        return self.filter(during__contains=day)


class Membership(models.Model):
    """A person's hat: one role in one unit for a while. It ends; it is never deleted."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = WordField(Role)
    during = DateRangeField(_("任期"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=Q(
                    role__in=[
                        str(r) for r in Role if r not in {Role.APPLICANT, Role.SYSTEM}
                    ]
                ),
            ),
            models.CheckConstraint(
                name="membership_lasts_a_while", condition=Q(during__isempty=False)
            ),
            # Plain PostgreSQL has no equality in GiST for numbers and text; a range of
            # one value stands for it (`textrange` is made by the first migration).
            ExclusionConstraint(
                name="membership_does_not_overlap",
                expressions=[
                    (_one_value("int8range", "person_id"), RangeOperators.OVERLAPS),
                    (_one_value("int8range", "unit_id"), RangeOperators.OVERLAPS),
                    (_one_value("textrange", "role"), RangeOperators.OVERLAPS),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.unit}"

    @property
    def last_day(self) -> date | None:
        """The last day of the hat; None while it is open."""
        return self.during.upper - timedelta(days=1) if self.during.upper else None

    @property
    def term(self) -> str:
        """The term as people write it: 2026年1月1日至2026年12月31日."""
        first = wording.day(self.during.lower)
        if self.last_day is None:
            return _("%(first)s 起") % {"first": first}
        return _("%(first)s 至 %(last)s") % {
            "first": first,
            "last": wording.day(self.last_day),
        }
