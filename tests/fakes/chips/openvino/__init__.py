"""Stands in for OpenVINO."""

import numpy as np

import stand_in


class Port:
    def __init__(self, shape):
        self.shape = shape


class Compiled:
    def __init__(self):
        self.ports = Port([1, 3, stand_in.SIDE, stand_in.SIDE]), Port([1, 189, 85])

    def input(self, at):
        return self.ports[0]

    def output(self, at):
        return self.ports[1]

    def __call__(self, inputs):
        assert inputs[0].dtype == np.float32 and inputs[0].flags["C_CONTIGUOUS"]
        stand_in.check(inputs[0])
        return {self.ports[1]: stand_in.yolox()}


class Core:
    def compile_model(self, model, device):
        return Compiled()
