"""Stands in for cuda-python."""

import ctypes


class cudart:
    memory = {}

    class cudaError_t:
        cudaSuccess = 0

    class cudaMemcpyKind:
        cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost = 1, 2

    @staticmethod
    def cudaStreamCreate():
        return 0, "stream"

    @staticmethod
    def cudaMalloc(size):
        address = len(cudart.memory) + 1
        cudart.memory[address] = bytearray(size)
        return 0, address

    @staticmethod
    def cudaMemcpyAsync(target, source, size, kind, stream):
        if kind == cudart.cudaMemcpyKind.cudaMemcpyHostToDevice:
            cudart.memory[target][:] = ctypes.string_at(source, size)
        else:
            ctypes.memmove(target, bytes(cudart.memory[source]), size)
        return (0,)

    @staticmethod
    def cudaStreamSynchronize(stream):
        return (0,)
