"""Intel graphics, NPU or processor: OpenVINO 2023.1 or newer, an ONNX or IR model of the YOLOX or YOLOv8 family."""

import importlib
import os
import sys

import numpy as np

# This very file is called openvino, too: the library is looked up without this folder, the helpers with it.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [each for each in sys.path if os.path.abspath(each or ".") != HERE]
sys.modules.pop("openvino", None)
ov = importlib.import_module("openvino")
sys.path.append(HERE)

import decode  # noqa: E402
import lares_sidecar as sidecar  # noqa: E402


class OpenVino:
    def __init__(self, model, device):
        self.compiled = ov.Core().compile_model(model, device)
        _, _, height, width = self.compiled.input(0).shape
        output = self.compiled.output(0).shape
        self.is_yolox = output[-2] > output[-1]
        layout, place = ("bgr24", "top-left") if self.is_yolox else ("rgb24", "centre")
        self.hello = {
            "name": "openvino",
            "model": model.rsplit("/", 1)[-1],
            "input": sidecar.input_of(layout, int(width), int(height), place),
            "classes": sidecar.COCO,
        }

    def look(self, pixels, width, height):
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3).transpose(2, 0, 1)[None]
        tensor = picture.astype(np.float32) if self.is_yolox else picture.astype(np.float32) / 255.0
        output = self.compiled([np.ascontiguousarray(tensor)])[self.compiled.output(0)]
        return decode.anything(output[0], width, height)


if __name__ == "__main__":
    options = sidecar.arguments()
    sidecar.serve(options.socket, OpenVino(options.model, options.device))
