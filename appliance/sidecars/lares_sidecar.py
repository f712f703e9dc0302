"""The sidecar protocol of Lares, version 1 (docs/reference/sidecar-protocol.md). Standard library only.

A sidecar gives `serve` a detector: an object with `hello` (a dict: name, model, input, classes) and
`look(pixels, width, height)`, which returns a list of (class_index, score, left, top, right, bottom) with corners as
fractions of the picture it was given.
"""

import argparse
import json
import os
import socket
import struct
import sys
import time

PROTOCOL = "lares-sidecar"
VERSION = 1
HELLO, LOOK, SEEN, FAILED, PING, PONG = 1, 2, 3, 4, 5, 6
HEADER = struct.Struct(">IB")
LOOK_HEADER = struct.Struct(">IHH")
MAX_BODY = 16 * 1024 * 1024
MAX_BOXES = 500

COCO = (
    "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,"
    "bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,"
    "skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,"
    "cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,"
    "potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,"
    "refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",")

# Models of TensorFlow's zoo number COCO from 1 to 90 with gaps.
COCO_WITH_GAPS = list(COCO)
for gap in (11, 25, 28, 29, 44, 65, 67, 68, 70, 82):
    COCO_WITH_GAPS.insert(gap, "")


def arguments():
    parser = argparse.ArgumentParser(description="A detector beside Lares")
    parser.add_argument("--socket", required=True, help="where to listen")
    parser.add_argument("--model", required=True, help="model file in the chip's own format")
    parser.add_argument("--size", default="640x640", help="the model's picture, where the model does not say it itself")
    parser.add_argument("--device", default="AUTO", help="which of several chips, where the maker's library asks")
    return parser.parse_args()


def size_of(text):
    width, height = text.split("x")
    return int(width), int(height)


def input_of(layout, width, height, place="centre", padding=114):
    return {"layout": layout, "width": width, "height": height, "place": place, "padding": padding}


def serve(path, detector):
    """Answers one box at a time, for ever. The socket is for the user alone who runs this."""
    if os.path.exists(path):
        os.unlink(path)
    old_mask = os.umask(0o177)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.umask(old_mask)
    listener.listen(1)
    print("listening", flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                converse(connection, detector)
            except (ConnectionError, ValueError) as error:
                print(f"conversation ended: {error}", file=sys.stderr, flush=True)


def converse(connection, detector):
    kind, body = receive(connection)
    asked = json.loads(body) if kind == HELLO else {}
    if asked.get("protocol") != PROTOCOL or VERSION not in asked.get("versions", []):
        raise ValueError("the other side speaks another protocol")
    send_json(connection, HELLO, {"protocol": PROTOCOL, "version": VERSION, **detector.hello})
    while True:
        kind, body = receive(connection)
        if kind == PING:
            connection.sendall(HEADER.pack(0, PONG))
        elif kind == LOOK:
            answer_look(connection, detector, body)
        else:
            raise ValueError(f"unknown message {kind}")


def answer_look(connection, detector, body):
    number, width, height = LOOK_HEADER.unpack_from(body)
    pixels = memoryview(body)[LOOK_HEADER.size :]
    try:
        started = time.monotonic()
        boxes = [[int(each[0]), *(round(float(value), 5) for value in each[1:6])] for each in detector.look(pixels, width, height)]
        ms = (time.monotonic() - started) * 1000
        send_json(connection, SEEN, {"id": number, "ms": ms, "boxes": boxes[:MAX_BOXES]})
    except Exception as error:  # whatever a driver throws is told, and the next picture may work
        send_json(connection, FAILED, {"id": number, "reason": f"{type(error).__name__}: {error}"[:300]})


def receive(connection):
    length, kind = HEADER.unpack(receive_exactly(connection, HEADER.size))
    if length > MAX_BODY:
        raise ValueError("message too long")
    return kind, receive_exactly(connection, length)


def receive_exactly(connection, size):
    data = bytearray(size)
    view = memoryview(data)
    while len(view) > 0:
        count = connection.recv_into(view)
        if count == 0:
            raise ConnectionError("the box closed the socket")
        view = view[count:]
    return data


def send_json(connection, kind, value):
    body = json.dumps(value).encode()
    connection.sendall(HEADER.pack(len(body), kind) + body)
