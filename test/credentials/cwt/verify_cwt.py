"""Reads {credentials: [{encoded, jwk, checkTimes?}]} and writes what each says, its signature verified by python-cwt.

Shares no code with the issuer. Maps with integer keys are written with names like "#1", byte strings as {"hex": "..."}.
A credential that does not verify is written as {"error": "..."}.
"""

import base64
import json
import sys

import cbor2
import cwt
from cwt import COSE, COSEKey


def unpack(encoded):
    prefix, rest = encoded[:7], encoded[7:]
    if prefix not in ("CSC:/1/", "CSS:/1/", "NZCP:/1"):
        raise ValueError("unknown prefix")
    rest = rest.lstrip("/")
    return prefix, base64.b32decode(rest + "=" * (-len(rest) % 8))


def readable(value):
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {k if isinstance(k, str) else "#%d" % k: readable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(v) for v in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError("a value of type %s" % type(value).__name__)


def verify(encoded, jwk, checkTimes=False):
    prefix, message = unpack(encoded)
    outer = cbor2.loads(message)
    header = cbor2.loads(outer.value[0])
    key = COSEKey.from_jwk({**jwk, "alg": "ES256", "kid": header[4].decode("utf-8")})
    if checkTimes:
        claims = cwt.decode(message, key)
    else:
        _, _, payload = COSE.new().decode_with_headers(message, key)
        claims = cbor2.loads(payload)
    return {
        "prefix": prefix,
        "tag": outer.tag,
        "protected": readable(header),
        "unprotected": readable(dict(outer.value[1])),
        "claims": readable(claims),
        "bytes": len(message),
    }


def attempt(credential):
    try:
        return verify(**credential)
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, error)}


json.dump([attempt(credential) for credential in json.load(sys.stdin)["credentials"]], sys.stdout)
