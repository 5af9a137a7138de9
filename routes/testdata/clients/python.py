"""Speaks with a server through the package websockets, a client that shares no
code with it: python.py URL TOKEN. Says "ok STEP" after each step, and "tick" where
the server's clock is to move by 25 s; ends with 2 when websockets is not installed.
"""
import asyncio
import json
import sys
import urllib.request

try:
    import websockets
    from websockets.exceptions import ConnectionClosed, InvalidStatusCode
except ImportError:
    sys.exit(2)

site, token = sys.argv[1:]
bearer = {"Authorization": f"Bearer {token}"}
decks = 0


def ok(step):
    print("ok", step, flush=True)


def tick():
    print("tick", flush=True)
    sys.stdin.readline()


def connect(query="", headers=bearer, **more):
    # It offers compression, and is told no.
    return websockets.connect(site.replace("http", "ws") + "/ws" + query, extra_headers=headers, ping_interval=None, **more)


async def expect(ws, name):
    text = await ws.recv()
    assert isinstance(text, str), text
    frame = json.loads(text)
    assert frame["name"] == name, text[:200]
    return frame


async def live(*how, **more):
    ws = await connect(*how, **more)
    welcome = (await expect(ws, "welcome"))["message"]
    await expect(ws, "ready")
    return ws, welcome


async def close(ws, code=1000, reason=""):
    await ws.close(code, reason)
    assert ws.close_code == code, ws.close_code


async def refused(status, **how):
    try:
        await connect(**how)
    except InvalidStatusCode as e:
        assert e.status_code == status, e
    else:
        raise AssertionError("not refused")


def make_deck():
    global decks
    decks += 1
    body = json.dumps({"name": f"漢字 {decks}"}).encode()
    request = urllib.request.Request(site + "/api/v1/decks", body, {**bearer, "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201


async def ended(ws, code):
    assert (await expect(ws, "bye"))["message"]["code"] == code
    try:
        await ws.recv()
    except ConnectionClosed:
        pass
    assert ws.close_code == code, ws.close_code


async def main():
    await refused(401, headers={})
    await refused(401, headers={"Authorization": "Bearer nonsense"})
    await refused(403, headers={"Cookie": f"aoki_access={token}"}, origin="https://evil.example")
    ok("refused")

    ws, _ = await live()
    assert ws.subprotocol is None and not ws.extensions
    await close(ws)
    ok("bearer")

    ws, _ = await live("", {}, subprotocols=["aoki.v1", f"bearer.{token}"])
    assert ws.subprotocol == "aoki.v1"
    await close(ws)
    ok("protocol list")

    ws, welcome = await live("", {"Cookie": f"aoki_access={token}"}, origin=site)
    assert welcome["user"]["username"] == "ann"
    await close(ws)
    ok("cookie")

    a, welcome = await live()
    make_deck()
    made = await expect(a, "deck.created")
    assert made["seq"] == welcome["head"] + 1 and made["message"]["deck"]["name"] == "漢字 1", made
    ok("event")

    for text in ['é漢😀\U0010ffff\0"\\/', "x" * 60 * 1024, "漢" * 20 * 1024, ""]:
        message = '{ "text" : %s, "n": 1.0e2 }' % json.dumps(text, ensure_ascii=False)
        await a.send('{"name":"echo","id":"e","message":%s}' % message)
        assert await a.recv() == '{"name":"reply","id":"e","message":%s}' % message
    ok("echo")

    await a.send(list('{"name":"echo","id":1,"message":"é漢😀"}'))  # a frame for each letter
    assert (await expect(a, "reply"))["message"] == "é漢😀"
    ok("fragments")

    for payload in [b"\xff\0", b"p" * 125]:
        await (await a.ping(payload))  # ends with the pong of the same payload
    ok("ping")

    for i in range(3):
        tick()  # the pong that websockets gives by itself is what keeps it open
        assert (await expect(a, "ping"))["message"]["head"] == made["seq"]
        await a.send(json.dumps({"name": "ping", "id": i}))
        assert (await expect(a, "reply"))["id"] == i
    ok("pong")

    seq, epoch = made["seq"], welcome["epoch"]
    a.transport.abort()
    for _ in range(5):
        make_deck()
    b = await connect(f"?since={seq}&epoch={epoch}")
    await expect(b, "welcome")
    for _ in range(5):
        seq += 1
        assert (await expect(b, "deck.created"))["seq"] == seq
    await expect(b, "ready")
    make_deck()
    seq += 1
    assert (await expect(b, "deck.created"))["seq"] == seq
    await close(b, 3333, "thanks")
    c = await connect(f"?since={seq}&epoch={epoch}")
    await expect(c, "welcome")
    assert (await expect(c, "ready"))["message"]["seq"] == seq
    ok("resume")

    other = await connect("?since=1&epoch=other")
    await expect(other, "welcome")
    assert (await expect(other, "reset"))["message"]["reason"] == "epoch"
    await expect(other, "ready")
    await close(other, 4999)
    ok("reset")

    await c.send(b"\1")
    await ended(c, 1003)
    d, _ = await live()
    await d.send("x" * (64 * 1024 + 1))
    await ended(d, 1009)
    ok("close")


asyncio.run(main())
