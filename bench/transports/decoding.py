"""Reading what the server sends: frames, answers, chunks and lines, out of bytes that come in any pieces.

Each function takes what is unread and returns what is whole in it and the rest. What is the same for all subscribers of an
event is decoded once: the receivers are not what is measured.
"""
import functools
import json
import re
import zlib

TEXT, DEFLATED_TEXT, CLOSE = 0x81, 0xC1, 0x88  # first bytes: FIN, RSV1, opcode (RFC 6455 5.2, RFC 7692 6)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
KEPT_TEXTS = 64


class WireError(Exception):
    """The server sent what it must not, or ended a connection."""


def frames_of(data):
    """[(first byte, payload)], rest."""
    frames, at, size = [], 0, len(data)
    while size - at >= 2:
        length, begin = data[at + 1], at + 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            if size - begin < wide:
                break
            length = int.from_bytes(data[begin:begin + wide], "big")
            begin += wide
        if size - begin < length:
            break
        frames.append((data[at], data[begin:begin + length]))
        at = begin + length
    return frames, data[at:]


def answers_of(data):
    """[body], rest. Answers of HTTP that have a Content-Length or no body."""
    bodies, at = [], 0
    while (end := data.find(b"\r\n\r\n", at)) >= 0:
        if data[at:at + 11] != b"HTTP/1.1 20":
            raise WireError(f"expected an answer of HTTP: {data[at:at + 200]!r}")
        found = LENGTH.search(data, at, end)
        begin = end + 4
        size = int(found[1]) if found else 0
        if len(data) - begin < size:
            break
        bodies.append(data[begin:begin + size])
        at = begin + size
    return bodies, data[at:]


def chunks_of(data):
    """What the whole chunks hold, joined, and the rest (RFC 9112 7.1)."""
    text, at = b"", 0
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end], 16)
        if size == 0:
            raise WireError("the server ended a stream")
        begin = end + 2
        if len(data) - begin < size + 2:
            break
        text += data[begin:begin + size]
        at = begin + size + 2
    return text, data[at:]


@functools.lru_cache(KEPT_TEXTS)
def messages_of(lines):
    """Those of whole lines of a fallback transport."""
    messages = []
    for line in lines.splitlines():
        if line.startswith(b"c"):
            raise WireError(f"the server closed a session: {line!r}")
        if line.startswith(b"a"):
            messages += [text.encode() for text in json.loads(line[1:])]
    return messages


@functools.lru_cache(KEPT_TEXTS)
def inflated(payload):
    """Of a message that was deflated by itself, without what came before."""
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    return reader.decompress(payload + b"\x00\x00\xff\xff") + reader.flush()
