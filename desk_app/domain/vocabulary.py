"""The closed lists that rules hang on. Their Chinese labels are data (``resources/fields.toml``, ``labels.toml``).

Lists that no rule hangs on (channel, kind of demand, category) are data alone.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What the customer brings (domain.md part 3)."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    INQUIRY = "inquiry"
    PROPOSAL = "proposal"
    SERVICE_REQUEST = "service_request"
    RETURN_REQUEST = "return_request"
    PRAISE = "praise"


class Route(StrEnum):
    """Which way it came (domain.md part 5): an external one always goes to the top."""

    NORMAL = "normal"
    DIRECT = "direct"
    EXTERNAL = "external"


class Severity(StrEnum):
    """How grave (domain.md part 6.2)."""

    MINOR = "minor"
    NORMAL = "normal"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Status(StrEnum):
    """Where a case stands (domain.md part 9.11)."""

    REGISTERED = "registered"
    IN_PROGRESS = "in_progress"
    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_REPLY = "awaiting_reply"
    AWAITING_RETURN_VISIT = "awaiting_return_visit"
    CLOSED = "closed"
    VOID = "void"

    @property
    def is_over(self) -> bool:
        """Whether nobody owes anything any more."""
        return self in (Status.CLOSED, Status.VOID)


class Action(StrEnum):
    """What can be done to a case (``workflow.ALLOWED`` says when)."""

    REGISTER = "register"
    AMEND = "amend"
    ASSIGN = "assign"
    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    DETERMINE = "determine"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    CONTACT = "contact"
    PROMISE = "promise"
    KEEP_PROMISE = "keep_promise"
    REPLY = "reply"
    RETURN_VISIT = "return_visit"
    CORRECT = "correct"
    VERIFY_CORRECTION = "verify_correction"
    FEED_BACK = "feed_back"
    ESCALATE = "escalate"
    CLOSE = "close"
    REOPEN = "reopen"
    VOID = "void"


class FollowUpKind(StrEnum):
    """What is owed (domain.md part 18)."""

    REPLY = "reply"
    HANDLE = "handle"
    VISIT_ON_SITE = "visit_on_site"
    APPROVE = "approve"
    RETURN_VISIT = "return_visit"
    CORRECT = "correct"
    VERIFY = "verify"
    PROMISE = "promise"
    ANALYSE = "analyse"
    EXTERNAL_REPLY = "external_reply"
    FEED_BACK = "feed_back"


class Satisfaction(StrEnum):
    """What the customer says at the return visit."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class Responsibility(StrEnum):
    """Whose fault it was (domain.md part 8)."""

    COMPANY = "company"
    DEPARTMENT = "department"
    PERSON = "person"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    MISUNDERSTANDING = "misunderstanding"
    EXTERNAL = "external"
    UNDECIDED = "undecided"


class Role(StrEnum):
    """What a person of the shop may decide (domain.md part 7), the least first."""

    RECEPTIONIST = "receptionist"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


class Trigger(StrEnum):
    """What happened that makes somebody owe something."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    DETERMINED = "determined"
    PROMISED = "promised"
    REPLIED = "replied"
    NOT_REACHED = "not_reached"
    VISITED = "visited"
    NEXT_ROUND = "next_round"
    CORRECTED = "corrected"
    INEFFECTIVE = "ineffective"
    NOTHING_LEFT = "nothing_left"


class Unit(StrEnum):
    """What a term is counted in."""

    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"
    BUSINESS_DAYS = "bd"
    WEEKS = "w"
    MONTHS = "mo"
    GIVEN = "given"  # no length: the day is told or agreed each time
