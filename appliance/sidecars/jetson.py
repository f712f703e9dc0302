"""NVIDIA Jetson (and any NVIDIA card): TensorRT 8.5 or newer with cuda-python, an engine built on this very device by
trtexec from an ONNX file of the YOLOX or YOLOv8 family with one input and one output."""

import numpy as np
import tensorrt as trt

try:
    from cuda.bindings import runtime as cudart  # cuda-python 13, which JetPack 7.2 needs, has it only here
except ImportError:
    from cuda import cudart

import decode
import lares_sidecar as sidecar


def checked(result):
    """cuda-python returns (error, value …)."""
    error, *values = result
    if error != cudart.cudaError_t.cudaSuccess:
        raise RuntimeError(f"CUDA: {error}")
    return values[0] if values else None


class Jetson:
    def __init__(self, model):
        with open(model, "rb") as file:
            self.engine = trt.Runtime(trt.Logger(trt.Logger.WARNING)).deserialize_cuda_engine(file.read())
        if self.engine is None:
            raise OSError(f"{model} was built for another TensorRT or another chip")
        self.context = self.engine.create_execution_context()
        self.stream = checked(cudart.cudaStreamCreate())
        names = [self.engine.get_tensor_name(at) for at in range(self.engine.num_io_tensors)]
        is_input = lambda name: self.engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT
        (input_name,) = filter(is_input, names)
        (output_name,) = (name for name in names if not is_input(name))
        self.host_in, self.device_in = self.reserve(input_name)
        self.host_out, self.device_out = self.reserve(output_name)
        _, _, height, width = self.host_in.shape
        # YOLOX wants blue first and bytes as they are; the others red first and fractions.
        self.is_yolox = self.host_out.shape[-2] > self.host_out.shape[-1]
        self.hello = {
            "name": "jetson",
            "model": model.rsplit("/", 1)[-1],
            "input": sidecar.input_of("bgr24" if self.is_yolox else "rgb24", width, height, place="top-left" if self.is_yolox else "centre"),
            "classes": sidecar.COCO,
        }

    def reserve(self, name):
        host = np.empty(tuple(self.engine.get_tensor_shape(name)), dtype=trt.nptype(self.engine.get_tensor_dtype(name)))
        device = checked(cudart.cudaMalloc(host.nbytes))
        self.context.set_tensor_address(name, device)
        return host, device

    def look(self, pixels, width, height):
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3).transpose(2, 0, 1)
        self.host_in[0] = picture if self.is_yolox else picture / 255.0
        kinds = cudart.cudaMemcpyKind
        size_in, size_out = self.host_in.nbytes, self.host_out.nbytes
        checked(cudart.cudaMemcpyAsync(self.device_in, self.host_in.ctypes.data, size_in, kinds.cudaMemcpyHostToDevice, self.stream))
        if not self.context.execute_async_v3(self.stream):
            raise RuntimeError("TensorRT did not run")
        checked(cudart.cudaMemcpyAsync(self.host_out.ctypes.data, self.device_out, size_out, kinds.cudaMemcpyDeviceToHost, self.stream))
        checked(cudart.cudaStreamSynchronize(self.stream))
        return decode.anything(self.host_out[0], width, height)


if __name__ == "__main__":
    options = sidecar.arguments()
    sidecar.serve(options.socket, Jetson(options.model))
