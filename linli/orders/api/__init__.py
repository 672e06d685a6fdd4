"""REST of orders: the same actions as every other door. Every operation declares its errors: {"code", "message"}.

An order goes out without its reporter. The sealed voices are opened by `view_voices`, with a purpose, and that is
recorded. Which verb applies when and to whom: states.MOVES and access.RIGHTS, as everywhere.
"""

from ninja import Router

from linli.orders.api import finding, flow, main, rooms

router = Router()
router.add_router("", main.router)
router.add_router("", flow.router)
router.add_router("", rooms.router)
router.add_router("", finding.router)
