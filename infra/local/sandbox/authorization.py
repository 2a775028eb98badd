"""MiniStack's IAM as a question: may the caller of this request do that to this resource?

MiniStack authorizes what it answers itself, against resources that it finds in the request. What the fault plane answers
has other resources (a document and hosts) and condition keys (the hosts' tags). The gateway therefore sends the caller's
own request on with such a question in a header, which is no part of the signature. The answer is the service's refusal,
or an empty 200; nothing else happens.
"""

import json

from ministack import app
from ministack.core.iam_actions import access_denied_response
from ministack.core.iam_evaluator import AuthError, enforce
from ministack.core.router import extract_access_key_id, extract_region

HEADER = "x-faultline-authorize"


def refusal(question, headers, query_params, request_id):
    service, action, resource = question["service"], question["action"], question["resource"]
    key = extract_access_key_id(headers, query_params)
    region = extract_region(headers, query_params)
    denied = enforce(key, action, service, region, resource_arn=resource, service_context=question["context"])
    if denied is None:
        return None
    if isinstance(denied, AuthError):
        return app._credential_failure(service, action, request_id, denied, headers)
    explicit = denied.decision == "Deny"
    return access_denied_response(
        service, action, denied.principal_arn, request_id, headers=headers, resource_arn=resource, explicit_deny=explicit
    )


async def answer(method, path, headers, body, query_params, request_id):
    if HEADER not in headers:
        return await dispatch(method, path, headers, body, query_params, request_id)
    question = json.loads(headers[HEADER])
    return refusal(question, headers, query_params, request_id) or (200, {"Content-Type": "application/json"}, b"{}")


dispatch = app._dispatch_service_request
app._dispatch_service_request = answer
