"""What every chip that stands in sees: one person, in a picture of 96 by 96, box 0.25 0.4 0.75 0.6, score 0.9. A picture
whose first byte is 13 makes the chip fail, as drivers do."""

import numpy as np

SIDE = 96
CENTRE, SIZE = (48.0, 48.0), (48.0, 19.2)


def check(picture):
    flat = np.asarray(picture).ravel()
    assert flat.size == SIDE * SIDE * 3, f"a picture of {flat.size} values"
    if int(round(float(flat[0]) * (255 if flat.dtype == np.float32 and flat.max() <= 1 else 1))) == 13:
        raise RuntimeError("device lost")


def yolox():
    output = np.zeros((1, 189, 85), dtype=np.float32)
    cell = 144 + 36 + 4  # stride 32, second row and column
    output[0, cell, 0:2] = CENTRE[0] / 32 - 1, CENTRE[1] / 32 - 1
    output[0, cell, 2:4] = np.log(SIZE[0] / 32), np.log(SIZE[1] / 32)
    output[0, cell, 4], output[0, cell, 5] = 1, 0.9
    return output


def yolo_columns():
    output = np.zeros((1, 84, 189), dtype=np.float32)
    output[0, 0:4, 7] = *CENTRE, *SIZE
    output[0, 4, 7] = 0.9
    return output
