"""The network of units: the only door for a change to the tree.

Division units come from a file of divisions and take their names from it; stations in
enterprises are opened by hand. Nothing is deleted, and the path of a unit never changes,
because cases and hats hang on it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from casework import access, wording
from casework.access import Actor
from casework.data.divisions import Division
from casework.data.divisions.names import NATION, NATION_SHORT, UnitName, unit_names
from casework.domain.errors import Conflict, Forbidden, Invalid
from casework.domain.vocabulary import Level, Role, UnitKind
from casework.models import Membership, Unit
from casework.models.units import UnitQuerySet
from casework.wording import enumeration, word

#: One digit, so that it stands above the provinces by length as they do above the
#: cities, sorts first, and can be no division's code.
NATION_CODE = "0"

_KINDS = {
    Level.PROVINCE: UnitKind.FEDERATION,
    Level.CITY: UnitKind.CITY_CENTRE,
    Level.COUNTY: UnitKind.COUNTY_CENTRE,
    Level.STATION: UnitKind.STREET_STATION,
}
# Any number, as long as nobody else's: "units" in hexadecimal.
_NETWORK_LOCK = 0x756E697473
_PATIENCE = "2min"
# Longer than the wait, or the statement would be ended first, and without a reason.
_LONGEST_STATEMENT = "5min"
_BATCH = 5000
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Renaming:
    """A division that the file calls by another name than the network did."""

    code: str
    before: UnitName
    after: UnitName


@dataclass(frozen=True, slots=True)
class Import:
    """What an import of divisions did; all empty but `kept` when it changed nothing."""

    created: Mapping[Level, int]
    renamed: Sequence[Renaming]
    #: Units that were there already, renamed ones included.
    kept: int
    #: Division units in force whose division the file does not have any more.
    gone: Sequence[Unit]

    @property
    def changed(self) -> bool:
        return bool(self.created or self.renamed)


@dataclass(frozen=True, slots=True)
class _Plan:
    code: str
    parent_code: str
    level: Level
    kind: UnitKind
    called: UnitName


def import_divisions(
    *,
    divisions: Sequence[Division],
    city: Division | None = None,
    valid_from: date,
    by: Actor,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Import:
    """Build the units of the divisions, or of one city with what stands above it.

    Existing units keep their place, their dates and their children; a division's new
    name is taken over; a division that is gone is reported, not closed. Running it again
    changes nothing. `progress` hears how many of the new units are written.

    Raises Forbidden for anybody but the system, Conflict when another change of the
    network does not end in time.
    """
    if not by.wears(Role.SYSTEM):
        raise Forbidden(_("行政区划只能由系统命令 import_network 导入。"))
    with transaction.atomic():
        _lock_network(patience=_PATIENCE)
        plans = _plans(divisions, city)
        units = {unit.code: unit for unit in Unit.objects.all()}
        kept = sum(plan.code in units for plan in plans)
        renamed = _rename_divisions(plans, units)
        created = _build(plans, units, valid_from)
        _write(created, units, progress)
    return Import(
        created=Counter(unit.level for unit in created),
        renamed=renamed,
        kept=kept,
        gone=_gone(plans, units, city),
    )


def city_named(text: str, *, divisions: Sequence[Division]) -> Division:
    """Return the city that is called so: by code, name, short name or centre's name.

    Raises Invalid, with names that come near, for a name that no city or several have.
    """
    names = unit_names(divisions)
    cities = [d for d in divisions if d.level == Level.CITY]
    titles = {d.code: names[d.code].name.removesuffix("帮扶中心") for d in cities}
    found = [
        d
        for d in cities
        if text in (d.code, d.name, titles[d.code])
        or text in (names[d.code].short_name, names[d.code].name)
    ]
    if len(found) == 1:
        return found[0]
    near = [titles[d.code] for d in found] or _near(text, list(titles.values()))
    raise Invalid(
        _ambiguous(text, near) if found else _unknown(text, near), field="city"
    )


@transaction.atomic
def open_station(
    *, under: Unit, name: str, short_name: str, by: Actor, at: datetime
) -> Unit:
    """Open a station in an enterprise, below a county centre, and return it.

    Its code is the county's with Q (企业) and a number: 320508Q001. Raises Forbidden
    outside the administrator's city; Invalid below any other level, below a closed
    centre, and for a name that is empty, too long or in use below the same centre.
    """
    _must_hold(by, under)
    _lock_network()
    centre = Unit.objects.get(pk=under.pk)
    day = timezone.localdate(at)
    if centre.level != Level.COUNTY:
        raise Invalid(
            _("企业帮扶站只能设在县级帮扶中心之下，%(unit)s是%(level)s。")
            % {"unit": centre.name, "level": word(centre.level)},
            field="under",
        )
    if not _is_open(centre, day):
        raise Invalid(
            _("%(unit)s在 %(day)s 不在有效期内，不能在其下设站。")
            % {"unit": centre.name, "day": wording.day(day)},
            field="under",
        )
    called = _checked_name(name, short_name, beside=Unit.objects.get_children(centre))
    station = Unit(
        code=_next_station_code(centre),
        level=Level.STATION,
        kind=UnitKind.ENTERPRISE_STATION,
        name=called.name,
        short_name=called.short_name,
        during=DateRange(day, None),
    )
    Unit.objects.add_child(centre, instance=station)
    return station


@transaction.atomic
def rename(*, unit: Unit, name: str, short_name: str, by: Actor) -> Unit:
    """Give an enterprise station another name and return it.

    Raises Forbidden outside the administrator's city; Invalid for a unit of a division,
    whose name follows the divisions, and for a name that `open_station` would refuse.
    """
    _must_hold(by, unit)
    _lock_network()
    station: Unit = Unit.objects.get(pk=unit.pk)
    if station.kind != UnitKind.ENTERPRISE_STATION:
        raise Invalid(
            _("%(unit)s的名称随行政区划，只有企业帮扶站能改名。")
            % {"unit": station.name},
            field="name",
        )
    beside = Unit.objects.get_siblings(station).exclude(pk=station.pk)
    called = _checked_name(name, short_name, beside=beside)
    station.name, station.short_name = called.name, called.short_name
    station.save(update_fields=["name", "short_name"])
    return station


@transaction.atomic
def close_unit(*, unit: Unit, by: Actor, at: datetime) -> Unit:
    """Close the unit from the day of `at` on and return it.

    Raises Forbidden outside the administrator's city; Invalid when it is closed already
    or not open yet, while units below it are open, and while people wear hats in it.
    """
    _must_hold(by, unit)
    _lock_network()
    # FOR UPDATE waits for a hat that is being given at this moment: its foreign key
    # holds the row.
    closing: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
    day = timezone.localdate(at)
    _must_be_closable(closing, day)
    closing.during = DateRange(closing.during.lower, day)
    closing.save(update_fields=["during"])
    return closing


def _plans(divisions: Sequence[Division], city: Division | None) -> list[_Plan]:
    """List the units wanted, each after the one above it."""
    names = unit_names(divisions)
    called = UnitName(NATION, NATION_SHORT)
    nation = _Plan(NATION_CODE, "", Level.NATION, UnitKind.FEDERATION, called)
    below = (
        _Plan(
            d.code,
            d.parent_code or NATION_CODE,
            d.level,
            _KINDS[d.level],
            names[d.code],
        )
        for d in sorted(divisions)
        if city is None or _is_in_line(d, city)
    )
    return [nation, *below]


def _is_in_line(division: Division, city: Division) -> bool:
    """Whether the division is the city, below it, or its province."""
    return division.code.startswith(city.code) or division.code == city.parent_code


def _rename_divisions(
    plans: Sequence[_Plan], units: Mapping[str, Unit]
) -> list[Renaming]:
    renamed, changed = [], []
    for plan in plans:
        unit = units.get(plan.code)
        if unit is None:
            continue
        before = UnitName(unit.name, unit.short_name)
        if before == plan.called:
            continue
        renamed.append(Renaming(plan.code, before, plan.called))
        unit.name, unit.short_name = plan.called.name, plan.called.short_name
        changed.append(unit)
    Unit.objects.bulk_update(changed, ["name", "short_name"], batch_size=_BATCH)
    return renamed


def _build(
    plans: Sequence[_Plan], units: dict[str, Unit], valid_from: date
) -> list[Unit]:
    """Make the missing units in memory, each in the next free place below its parent.

    Existing paths stay, also where a later city comes before an earlier one by code:
    the order of siblings on the page is their code's, not their path's.
    """
    taken = _last_steps(units.values())
    created = []
    for plan in plans:
        if plan.code in units:
            continue
        parent = units.get(plan.parent_code)
        above, depth = (parent.path, parent.depth + 1) if parent else ("", 1)
        taken[above] += 1
        unit = Unit(
            path=Unit._get_path(above, depth, taken[above]),
            depth=depth,
            numchild=0,
            code=plan.code,
            level=plan.level,
            kind=plan.kind,
            name=plan.called.name,
            short_name=plan.called.short_name,
            during=DateRange(valid_from, None),
        )
        if parent:
            parent.numchild += 1
        units[plan.code] = unit
        created.append(unit)
    return created


def _last_steps(units: Iterable[Unit]) -> Counter[str]:
    """Return the highest place taken below each path."""
    taken: Counter[str] = Counter()
    for unit in units:
        above, step = unit.path[: -Unit.steplen], unit.path[-Unit.steplen :]
        taken[above] = max(taken[above], Unit._str2int(step))
    return taken


def _write(
    created: Sequence[Unit],
    units: Mapping[str, Unit],
    progress: Callable[[int, int], None],
) -> None:
    above = {unit.path[: -Unit.steplen] for unit in created}
    parents = [u for u in units.values() if u.pk is not None and u.path in above]
    Unit.objects.bulk_update(parents, ["numchild"], batch_size=_BATCH)
    for start in range(0, len(created), _BATCH):
        batch = created[start : start + _BATCH]
        Unit.objects.bulk_create(batch)
        progress(start + len(batch), len(created))


def _gone(
    plans: Sequence[_Plan], units: Mapping[str, Unit], city: Division | None
) -> list[Unit]:
    wanted = {plan.code for plan in plans}
    return [
        unit
        for code, unit in sorted(units.items())
        if code not in wanted
        and code.isdigit()
        and code.startswith(city.code if city else "")
        and unit.during.upper is None
    ]


def _near(text: str, titles: list[str]) -> list[str]:
    return (
        get_close_matches(text, titles, n=5, cutoff=0.4)
        or [title for title in titles if text[:1] and text[0] in title][:5]
    )


def _unknown(text: str, near: Sequence[str]) -> str:
    if not near:
        return _("没有叫“%(text)s”的城市，请写全称，如“苏州市”。") % {"text": text}
    return _("没有叫“%(text)s”的城市。相近的有：%(near)s。") % {
        "text": text,
        "near": enumeration(near),
    }


def _ambiguous(text: str, near: Sequence[str]) -> str:
    return _("有几个城市叫“%(text)s”，请写明是哪一个：%(near)s。") % {
        "text": text,
        "near": enumeration(near),
    }


def _lock_network(*, patience: str | None = None) -> None:
    """Let one transaction at a time change the tree, until it ends.

    An import may wait longer than a page: another import may be running. Raises
    Conflict when the wait is in vain.
    """
    with connection.cursor() as cursor:
        if patience:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true),"
                " set_config('statement_timeout', %s, true)",
                [patience, _LONGEST_STATEMENT],
            )
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NETWORK_LOCK])
        except OperationalError as problem:
            if not isinstance(problem.__cause__, LockNotAvailable):
                raise
            raise Conflict(_("机构网络正由另一次操作修改，请稍后再试。")) from problem


def _must_hold(by: Actor, unit: Unit) -> None:
    if not by.wears(Role.SECURITY_ADMINISTRATOR, Role.SYSTEM):
        raise Forbidden(
            _("只有%(role)s能设立、更名、撤销单位。")
            % {"role": word(Role.SECURITY_ADMINISTRATOR)}
        )
    if not access.holds(by, unit):
        raise Forbidden(
            _("%(unit)s不在您管的范围内，请找那里的安全管理员。") % {"unit": unit.name}
        )


def _must_be_closable(unit: Unit, day: date) -> None:
    if unit.during.upper is not None:
        raise Invalid(
            _("%(unit)s已定于 %(day)s 撤销。")
            % {"unit": unit.name, "day": wording.day(unit.during.upper)}
        )
    if day <= unit.during.lower:
        raise Invalid(
            _("%(unit)s自 %(day)s 起设立，撤销日须晚于这一天。")
            % {"unit": unit.name, "day": wording.day(unit.during.lower)}
        )
    children = Unit.objects.get_children(unit).filter(_lasting_beyond(day)).count()
    if children:
        raise Invalid(
            _("%(unit)s下还有 %(count)s 个单位未撤销，请先撤销它们。")
            % {"unit": unit.name, "count": children}
        )
    hats = Membership.objects.filter(_lasting_beyond(day), unit=unit).count()
    if hats:
        raise Invalid(
            _("%(unit)s还有 %(count)s 个任职未结束，请先结束它们。")
            % {"unit": unit.name, "count": hats}
        )


def _lasting_beyond(day: date) -> Q:
    """In force on the day or later."""
    return Q(during__overlap=DateRange(day, None))


def _is_open(unit: Unit, day: date) -> bool:
    during = unit.during
    return during.lower <= day and (during.upper is None or day < during.upper)


def _checked_name(name: str, short_name: str, *, beside: UnitQuerySet) -> UnitName:
    """Return both names, trimmed, when they are in order and free beside the others."""
    called = UnitName(name.strip(), short_name.strip())
    for field, text in (("name", called.name), ("short_name", called.short_name)):
        longest = Unit._meta.get_field(field).max_length
        if not _SHORTEST_NAME <= len(text) <= longest or not text.isprintable():
            raise Invalid(
                _("请写 %(least)s 到 %(most)s 个字的名称，不含换行等不可见字符。")
                % {"least": _SHORTEST_NAME, "most": longest},
                field=field,
            )
        if beside.filter(**{field: text}).exists():
            raise Invalid(
                _("同一中心下已有“%(name)s”，请换一个名称。") % {"name": text},
                field=field,
            )
    return called


def _next_station_code(centre: Unit) -> str:
    prefix = f"{centre.code}Q"
    last = Unit.objects.filter(code__startswith=prefix).aggregate(last=Max("code"))
    number = int(last["last"].removeprefix(prefix)) if last["last"] else 0
    return f"{prefix}{number + 1:03d}"
