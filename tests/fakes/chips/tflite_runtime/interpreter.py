"""Stands in for tflite-runtime with the Edge TPU's delegate."""

import numpy as np

import stand_in


def load_delegate(name):
    assert name == "libedgetpu.so.1"
    return name


class Interpreter:
    def __init__(self, model_path, experimental_delegates):
        assert experimental_delegates == ["libedgetpu.so.1"]

    def allocate_tensors(self):
        pass

    def get_input_details(self):
        return [{"index": 0, "shape": np.array([1, stand_in.SIDE, stand_in.SIDE, 3]), "dtype": np.uint8}]

    def get_output_details(self):
        return [{"index": each} for each in (1, 2, 3, 4)]

    def set_tensor(self, index, value):
        assert index == 0 and value.dtype == np.uint8
        stand_in.check(value)

    def invoke(self):
        pass

    def get_tensor(self, index):
        boxes = np.array([[[0.4, 0.25, 0.6, 0.75], [0, 0, 1, 1]]], dtype=np.float32)
        return {1: boxes, 2: np.array([[0, 3]]), 3: np.array([[0.9, 0.1]]), 4: np.array([2.0])}[index]
