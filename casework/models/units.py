"""The network: federation, city centres, county centres and stations, as one tree."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from casework.domain.vocabulary import Level, UnitKind
from casework.models.fields import WordField


class UnitQuerySet(MP_NodeQuerySet["Unit"]):  # type: ignore[misc]
    """Questions about the tree that the path index answers."""

    def within(self, unit: "Unit") -> "UnitQuerySet":
        """Return the unit and all below it: one range of the path index."""
        below: UnitQuerySet = self.filter(path__gte=unit.path, path__lt=unit.path_end)
        return below

    def in_tree_order(self) -> "UnitQuerySet":
        ordered: UnitQuerySet = self.order_by("path")
        return ordered

    def at(self, level: Level) -> "UnitQuerySet":
        here: UnitQuerySet = self.filter(level=level)
        return here


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Treebeard's manager names its own query set; ours asks the questions above."""

    def get_queryset(self) -> UnitQuerySet:
        units: UnitQuerySet = UnitQuerySet(self.model, using=self._db)
        return units.in_tree_order()


class Unit(MP_Node):  # type: ignore[misc]
    """One unit of the assistance network; its place in the tree is its jurisdiction."""

    # Byte order, so that a subtree is a range of the ordinary index whatever the
    # database's own collation is.
    path = models.CharField(max_length=255, unique=True, db_collation="C")
    code = models.CharField(_("代码"), max_length=32, unique=True)
    level = WordField(Level)
    kind = WordField(UnitKind)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40)
    during = DateRangeField(_("有效期"))

    objects = UnitManager()
    node_order_by: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="unit_level_is_known",
                condition=Q(level__in=[str(v) for v in Level]),
            ),
            models.CheckConstraint(
                name="unit_kind_is_known",
                condition=Q(kind__in=[str(v) for v in UnitKind]),
            ),
            models.CheckConstraint(
                name="unit_is_valid_for_a_while", condition=Q(during__isempty=False)
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            # The organisation page counts and lists one level of a subtree.
            models.Index(fields=["level", "path"], name="unit_level_path"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path_end(self) -> str:
        """The first path after this unit's subtree, in byte order."""
        return f"{self.path[:-1]}{chr(ord(self.path[-1]) + 1)}"
