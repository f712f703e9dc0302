"""Coral Edge TPU: TensorFlow Lite with Google's delegate, an SSD model compiled for the Edge TPU."""

import numpy as np
from tflite_runtime.interpreter import Interpreter, load_delegate

import decode
import lares_sidecar as sidecar

DELEGATE = "libedgetpu.so.1"


class Coral:
    def __init__(self, model):
        self.interpreter = Interpreter(model_path=model, experimental_delegates=[load_delegate(DELEGATE)])
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]
        self.outputs = self.interpreter.get_output_details()
        _, height, width, _ = self.input["shape"]
        self.hello = {
            "name": "coral",
            "model": model.rsplit("/", 1)[-1],
            "input": sidecar.input_of("rgb24", int(width), int(height)),
            "classes": sidecar.COCO_WITH_GAPS,
        }

    def look(self, pixels, width, height):
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(self.input["shape"])
        self.interpreter.set_tensor(self.input["index"], picture.astype(self.input["dtype"]))
        self.interpreter.invoke()
        values = [self.interpreter.get_tensor(each["index"]) for each in self.outputs]
        # TensorFlow 1 gives boxes, classes, scores, count; TensorFlow 2 scores, boxes, count, classes.
        if values[3].size == 1:
            boxes, classes, scores, count = values
        else:
            scores, boxes, count, classes = values
        return decode.ssd(boxes[0], classes[0], scores[0], count.ravel()[0])


if __name__ == "__main__":
    options = sidecar.arguments()
    sidecar.serve(options.socket, Coral(options.model))
