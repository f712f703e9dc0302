"""Hailo-8, 8L and 10H: HailoRT's InferModel interface, a HEF whose last step is non-maximum suppression by class."""

import numpy as np
from hailo_platform import FormatType, HailoSchedulingAlgorithm, VDevice

import decode
import lares_sidecar as sidecar

TIMEOUT_MS = 1_500


class Hailo:
    def __init__(self, model):
        params = VDevice.create_params()
        params.scheduling_algorithm = HailoSchedulingAlgorithm.ROUND_ROBIN
        self.device = VDevice(params)
        self.model = self.device.create_infer_model(model)
        self.model.input().set_format_type(FormatType.UINT8)
        self.model.output().set_format_type(FormatType.FLOAT32)
        self.shape = self.model.input().shape
        self.configured = self.model.configure()
        self.bindings = self.configured.create_bindings()
        height, width = self.shape[0], self.shape[1]
        self.hello = {
            "name": "hailo",
            "model": model.rsplit("/", 1)[-1],
            "input": sidecar.input_of("rgb24", width, height),
            "classes": sidecar.COCO,
        }

    def look(self, pixels, width, height):
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(self.shape)
        self.bindings.input().set_buffer(np.ascontiguousarray(picture))
        self.bindings.output().set_buffer(np.empty(self.model.output().shape, dtype=np.float32))
        self.configured.run([self.bindings], TIMEOUT_MS)
        return decode.hailo_nms(self.bindings.output().get_buffer())


if __name__ == "__main__":
    options = sidecar.arguments()
    sidecar.serve(options.socket, Hailo(options.model))
