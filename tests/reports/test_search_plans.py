"""At two hundred thousand parties a search goes by its indexes."""

from datetime import date
from functools import partial

import pytest
from django.db import connections

from casework.models import Party
from casework.reports import search
from casework.services import cases
from tests.cast import Cast
from tests.engine.test_plans import CASES, plans_of
from tests.inquiry.forms import InquiryForm

MANY = 200_000
TODAY = date(2026, 11, 23)
PARTIES = """
INSERT INTO casework_party SELECT (p).* FROM (
  SELECT jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'case_id', p.case_id + n,
    'id_index', '\\x' || encode(sha256(int4send(n)), 'hex'),
    'phone_index', '\\x' || encode(sha256(int4send(-n)), 'hex'),
    'tokens', jsonb_build_array('n:' || chr(19968 + n %% 3000),
      'n:' || chr(19968 + n %% 3000) || chr(19968 + n %% 2999),
      'p:' || n %% 5000, 'i:' || n %% 700, 'd:' || lpad((n %% 10000)::text, 4, '0'),
      't:' || lpad((n %% 9999)::text, 4, '0')))) AS p
  FROM casework_party p, generate_series(1, %s) n WHERE p.case_id = %s) copies
"""


@pytest.mark.slow
def test_no_search_reads_a_table(own_database: str, cast: Cast) -> None:
    first = cases.open("inquiry", by=cast.xiaobo, data=InquiryForm.example(None))  # type: ignore[arg-type]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(CASES, [cast.kunshan.pk, MANY, first.pk])
        cursor.execute(
            "UPDATE casework_case SET number = format('姑苏咨询〔%%s〕%%s',"
            " 2000 + id %% 27, lpad((id %% 10000)::text, 4, '0')) WHERE id > %s",
            [first.pk],
        )
        cursor.execute(PARTIES, [MANY, first.pk])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE casework_case, casework_party")
        cursor.execute("VACUUM casework_party")
    assert Party.objects.count() == MANY + 1

    for text, index in {
        "周雅琴": "party_tokens",
        "周": "party_tokens",
        "zhouyaqin": "party_tokens",
        "1239": "party_tokens",
        "320508199003071239": "party_id_number",
        "12900006204": "party_phone",
        "2024-1239": "case_number_tail",
        "0012": "case_number_tail",
    }.items():
        used, read_whole = plans_of(partial(search.find, cast.heshi, text, on=TODAY))
        assert index in used, (text, used)
        assert not read_whole & {"casework_case", "casework_party"}, text
