"""Stands in for HailoRT: the names and calls of its InferModel interface that the sidecar uses, and nothing else."""

import numpy as np

import stand_in


class FormatType:
    UINT8, FLOAT32 = "uint8", "float32"


class HailoSchedulingAlgorithm:
    ROUND_ROBIN = "round robin"


class Stream:
    def __init__(self, shape):
        self.shape = shape
        self.buffer = None

    def set_format_type(self, kind):
        assert kind in (FormatType.UINT8, FormatType.FLOAT32)

    def set_buffer(self, buffer):
        assert buffer.flags["C_CONTIGUOUS"]
        self.buffer = buffer

    def get_buffer(self):
        return self.buffer


class Bindings:
    def __init__(self, model):
        self.streams = Stream(model.input().shape), Stream(model.output().shape)

    def input(self):
        return self.streams[0]

    def output(self):
        return self.streams[1]


class Configured:
    def __init__(self, model):
        self.model = model

    def create_bindings(self):
        return Bindings(self.model)

    def run(self, bindings, timeout):
        stand_in.check(bindings[0].input().buffer)
        person = np.array([[0.4, 0.25, 0.6, 0.75, 0.9]], dtype=np.float32)
        bindings[0].output().buffer = [person] + [np.empty((0, 5), dtype=np.float32)] * 79


class InferModel:
    def __init__(self):
        self.streams = Stream((stand_in.SIDE, stand_in.SIDE, 3)), Stream((80, 5, 100))

    def input(self):
        return self.streams[0]

    def output(self):
        return self.streams[1]

    def configure(self):
        return Configured(self)


class VDevice:
    class Params:
        scheduling_algorithm = None

    @staticmethod
    def create_params():
        return VDevice.Params()

    def __init__(self, params):
        assert params.scheduling_algorithm == HailoSchedulingAlgorithm.ROUND_ROBIN

    def create_infer_model(self, path):
        return InferModel()
