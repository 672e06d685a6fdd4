"""One version by its id, also one that is only being written (which `selectors` does not keep)."""

from uuid import UUID

from linli.kernel.errors import NotFound
from linli.standards.flow import Flow, parse
from linli.standards.models import Procedure


def found(procedure_id: UUID) -> Procedure:
    """The version. Raises NotFound."""
    row = Procedure.objects.filter(id=procedure_id).first()
    if row is None:
        raise NotFound("没有找到这份流程。")
    return row


def flow_of(row: Procedure) -> Flow:
    """Its flow."""
    return parse(row.data)
