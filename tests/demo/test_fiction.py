"""The people of the demo: possible families, and hardly a namesake."""

from collections import Counter
from datetime import date
from itertools import pairwise

from casework.demo.fiction import Fiction
from casework.domain.surnames import surname_of
from casework.domain.vocabulary import Sex

TODAY = date(2026, 11, 20)


def test_children_have_the_fathers_surname_and_are_a_year_apart() -> None:
    fiction = Fiction(7)
    for _family in range(300):
        one = fiction.adult(today=TODAY)
        other = fiction.spouse_of(one, today=TODAY)

        children = fiction.children_of(one, other, most=2, today=TODAY)

        father = one if one.sex is Sex.MALE else other
        mother = other if father is one else one
        born = sorted(child.born for child in children)
        assert {surname_of(each.name) for each in children} == {surname_of(father.name)}
        assert all((later - first).days > 365 for first, later in pairwise(born))
        assert all(mother.age(on=each) >= 18 for each in born)


def test_a_thousand_people_have_few_namesakes_and_no_number_twice() -> None:
    fiction = Fiction(7)
    people = [fiction.adult(today=TODAY) for _one in range(1000)]
    phones = [fiction.phone() for _one in range(1000)]

    names = Counter(each.name for each in people)
    assert len(names) > 980
    assert len({each.id_number for each in people}) == len(set(phones)) == 1000


def test_the_same_seed_invents_the_same_people() -> None:
    def invented() -> list[object]:
        fiction = Fiction(7)
        return [fiction.adult(today=TODAY), fiction.phone(), fiction.card()]

    assert invented() == invented()
