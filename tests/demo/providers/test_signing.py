"""What providers sign, by the published and computed vectors of their documents."""

from __future__ import annotations

from datetime import UTC, datetime

from flow.demo.providers.signing import sign_meta, sign_stripe, sign_vipps, sign_wolt

MOMENT = datetime.fromtimestamp(1767225600, UTC)


def test_stripe_signs_as_its_vector_says() -> None:
    body = (
        b'{\n  "id": "evt_test_webhook",\n  "object": "event",\n'
        b'  "data": { "object": { "id": "rdr_123", "object": "terminal.reader" } }\n}'
    )
    signed = sign_stripe({"webhook_secret": "whsec_test_secret"}, "", body, datetime.fromtimestamp(12345, UTC))

    expected = "t=12345,v1=07b1ede164afb7b5de91267ffa656f568c65d6e0783ce0ac55ee094643578eda"
    assert {"stripe-signature": expected} == signed


def test_vipps_mobilepay_signs_as_its_published_vector_says() -> None:
    secret = "A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A=="
    url = "https://webhook.site/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63"
    body = b'{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}'
    signed = sign_vipps({"webhook_secret": secret}, url, body, datetime(2023, 3, 30, 8, 38, 32, tzinfo=UTC))

    assert "Thu, 30 Mar 2023 08:38:32 GMT" == signed["x-ms-date"]
    assert "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=" == signed["x-ms-content-sha256"]
    assert "agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U=" == signed["authorization"].split("Signature=", 1)[1]


def test_vipps_mobilepay_signs_the_query_as_well() -> None:
    url = "https://flow.example/api/webhooks/mobilepay?rid=22222222-2222-4222-8222-222222222222"
    body = (
        b'{"msn":"123456","reference":"flow-20260101-0001","pspReference":"7686f7788898767977","name":"AUTHORIZED",'
        b'"amount":{"currency":"DKK","value":24950},"timestamp":"2026-01-01T00:00:00.000Z","idempotencyKey":null,'
        b'"success":true}'
    )
    signed = sign_vipps({"webhook_secret": "090a478d-37ff-4e77-970e-000000000001"}, url, body, MOMENT)

    assert "a36rxkv9XGD2YtxfFWHawiFKTg+ypJ/Hy2qj7CKoJlg=" == signed["x-ms-content-sha256"]
    expected = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
    expected += "xlEdcSKCo/IsCZmAHy/TpFlAxRDSDopEQAfbSQm4azg="
    assert expected == signed["authorization"]


def test_meta_signs_escapes_as_they_stand() -> None:
    account = {"webhook_secret": "flow_meta_app_secret_0123456789abcdef"}
    plain = (
        '{"object":"instagram","entry":[{"id":"17841400000000001","time":1767225600123,"messaging":[{"sender":'
        '{"id":"900000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1767225599456,"message":'
        '{"mid":"aWdfZAG1faXRlbTox_flow_test_0001","text":"Har I rød grød med fløde?"}}]}]}'
    )

    expected = "sha256=4341022fb322df18f0bf882d3d9b8386c1092b5c036567b8c8a55c21f7c6936a"
    assert expected == sign_meta(account, "", plain.encode(), MOMENT)["x-hub-signature-256"]
    expected = "sha256=d886178587b9609f24bc8591e7fa62bbf28e4e7aa52235a2db53f4e70e98bce5"
    escaped = plain.replace("ø", "\\u00f8").encode()
    assert expected == sign_meta(account, "", escaped, MOMENT)["x-hub-signature-256"]


def test_wolt_signs_as_its_vector_says() -> None:
    body = (
        b'{"id":"90f5c25cbbfb3d131a46e643","type":"order.notification","order":{"id":"90f5be47fc97e11107f8a480",'
        b'"venue_id":"9a5c7e3102fe6a000c4b562b","status":"CREATED","resource_url":'
        b'"https://pos-integration-service.wolt.com/orders/90f5be47fc97e11107f8a480"},'
        b'"created_at":"2021-07-19T18:20:12.378509Z"}'
    )
    signed = sign_wolt({"webhook_secret": "example-hmac-sha256-wolt"}, "", body, MOMENT)

    assert {"wolt-signature": "6c842c35f1a0e3e7896e07c7e4e8161bced6c43c633e6e7e745d125966f2d458"} == signed
