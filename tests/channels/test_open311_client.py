"""A GeoReport client that we did not write (`georeport`) reads a real server of ours, in XML and in JSON."""

import pytest
from georeport import GeoReport

from tests.channels.test_open311 import on_board


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_another_city_s_software_reads_services_and_the_message_board(cast, live_server, fmt):
    order = on_board(cast)
    on_board(cast, "chen")
    client = GeoReport(f"{live_server.url}/open311/v2", output_format=fmt)
    assert "repair" in [s["service_code"] for s in client.get_service_list()]
    definition = client.get_service_definition("repair")
    attributes = definition["attributes"] if fmt == "json" else definition["attributes"]["attribute"]
    assert {a["code"] for a in attributes} == {"thing", "unit"}
    assert len(client.get_service_requests(status="open")) == 2
    one = client.get_service_request(order.number)
    assert (one["service_request_id"], one["status"], one["service_code"]) == (order.number, "open", "message")
