"""When customers were last spoken to is kept beside the history, by triggers; here it is compared with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desk_app.storage.ledger_check import MANY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.storage.connection import Store

_CUSTOMERS = 500  # of a slice
_KEYS = """
    SELECT DISTINCT customer_phone_key FROM "case" WHERE customer_phone_key > ? AND customer_phone_key <> ''
    ORDER BY customer_phone_key LIMIT ?
"""
# The same reckoning as that of the third migration; a customer of no open and named case has none.
_DIFFERENT = """
    SELECT (SELECT max(number) FROM "case" n WHERE n.customer_phone_key = k.key AND n.customer_phone_key <> '')
    FROM (SELECT value AS key FROM json_each(?)) AS k
    WHERE (SELECT last_utc FROM last_contact WHERE phone_key = k.key) IS NOT (
        SELECT max(CAST(strftime('%s', e.at) AS INTEGER)) FROM "case" c CROSS JOIN event e ON e.case_id = c.id
        WHERE c.customer_phone_key = k.key AND c.customer_phone_key <> '' AND c.anonymous = 0 AND c.status <> 'void'
            AND (e.action IN ('register', 'contact', 'reply')
                OR (e.action = 'return_visit' AND json_extract(e.data, '$.reached') IS NOT 0))
            AND NOT EXISTS (SELECT 1 FROM event u WHERE u.case_id = e.case_id AND u.action = 'amend'
                AND json_extract(u.data, '$.undoes') = e.id)
    ) OR NOT EXISTS (SELECT 1 FROM "case" c WHERE c.customer_phone_key = k.key AND c.customer_phone_key <> '' AND (
        SELECT complaint_id IS NULL OR (complaint_id = c.id AND c.kind = 'complaint')
        FROM last_contact WHERE phone_key = k.key
    ) IS NOT 0)
"""


def slices(store: Store) -> Iterator[Sequence[Finding]]:
    """Compare some customers at a time."""
    after, told = "", 0
    while True:
        with store.reading() as conn:
            keys = [key for (key,) in conn.execute(_KEYS, (after, _CUSTOMERS))]
            numbers = [n for (n,) in conn.execute(_DIFFERENT, (json.dumps(keys),))]
        yield tuple(("check_last_contact", {"number": number}) for number in numbers[: MANY - told])
        told = min(MANY, told + len(numbers))
        if not keys or keys[-1] <= after:  # the end, or an index so damaged that it goes back
            return
        after = keys[-1]
