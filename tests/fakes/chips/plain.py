"""A detector without any library, on the protocol module alone."""

import lares_sidecar as sidecar


class Plain:
    hello = {
        "name": "plain",
        "model": "plain",
        "input": sidecar.input_of("rgb24", 96, 96),
        "classes": sidecar.COCO,
    }

    def look(self, pixels, width, height):
        assert len(pixels) == width * height * 3
        if pixels[0] == 13:
            raise RuntimeError("device lost")
        return [(0, 0.9, 0.25, 0.4, 0.75, 0.6)]


sidecar.serve(sidecar.arguments().socket, Plain())
