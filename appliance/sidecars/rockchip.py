"""Rockchip NPU (RK356x, RK3588): rknn-toolkit-lite2, a YOLOX or YOLOv8-like model with one output, converted so that
it takes bytes (mean and deviation are part of the model)."""

import numpy as np
from rknnlite.api import RKNNLite

import decode
import lares_sidecar as sidecar


class Rockchip:
    def __init__(self, model, size):
        self.npu = RKNNLite()
        if self.npu.load_rknn(model) != 0:
            raise OSError(f"{model} cannot be loaded")
        if self.npu.init_runtime(core_mask=RKNNLite.NPU_CORE_AUTO) != 0:
            raise OSError("the NPU cannot be opened: is the rknpu driver loaded?")
        self.width, self.height = sidecar.size_of(size)
        self.hello = {
            "name": "rockchip",
            "model": model.rsplit("/", 1)[-1],
            "input": sidecar.input_of("rgb24", self.width, self.height),
            "classes": sidecar.COCO,
        }

    def look(self, pixels, width, height):
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(1, height, width, 3)
        (output,) = self.npu.inference(inputs=[picture])
        return decode.anything(np.asarray(output), width, height)


if __name__ == "__main__":
    options = sidecar.arguments()
    sidecar.serve(options.socket, Rockchip(options.model, options.size))
