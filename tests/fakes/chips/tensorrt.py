"""Stands in for TensorRT 10; what runs on the device runs in cuda/__init__.py's memory."""

import numpy as np

import stand_in
from cuda import cudart


class Logger:
    WARNING = 2

    def __init__(self, level):
        pass


class TensorIOMode:
    INPUT, OUTPUT = "in", "out"


class Context:
    def __init__(self):
        self.addresses = {}

    def set_tensor_address(self, name, address):
        self.addresses[name] = address

    def execute_async_v3(self, stream):
        pixels = np.frombuffer(cudart.memory[self.addresses["images"]], dtype=np.float32)
        stand_in.check(pixels)
        cudart.memory[self.addresses["output"]] = bytearray(stand_in.yolox().tobytes())
        return True


class Engine:
    num_io_tensors = 2

    def create_execution_context(self):
        return Context()

    def get_tensor_name(self, at):
        return ("images", "output")[at]

    def get_tensor_mode(self, name):
        return TensorIOMode.INPUT if name == "images" else TensorIOMode.OUTPUT

    def get_tensor_shape(self, name):
        return (1, 3, stand_in.SIDE, stand_in.SIDE) if name == "images" else (1, 189, 85)

    def get_tensor_dtype(self, name):
        return "float"


def nptype(kind):
    assert kind == "float"
    return np.float32


class Runtime:
    def __init__(self, logger):
        pass

    def deserialize_cuda_engine(self, data):
        return Engine()
