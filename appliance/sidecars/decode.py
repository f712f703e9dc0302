"""Raw outputs of common models to boxes, in numpy. All return (class_index, score, left, top, right, bottom) rows with
corners as fractions of the model's picture."""

import numpy as np

MIN_SCORE = 0.2
SAME_IOU = 0.65


def suppress(boxes, scores, classes):
    """Greedy suppression within each class."""
    kept = []
    for at in np.argsort(-scores):
        same = [k for k in kept if classes[k] == classes[at]]
        if all(iou(boxes[at], boxes[k]) < SAME_IOU for k in same):
            kept.append(at)
    return [(int(classes[k]), float(scores[k]), *map(float, boxes[k])) for k in kept[:100]]


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def select(centres, sizes, scores, width, height):
    """Rows of centre, size and a score for each class, in pixels."""
    classes = scores.argmax(axis=1)
    best = scores[np.arange(len(scores)), classes]
    sure = best >= MIN_SCORE
    centres, sizes, classes, best = centres[sure], sizes[sure], classes[sure], best[sure]
    scale = np.array([width, height, width, height], dtype=np.float32)
    boxes = np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1) / scale
    return suppress(boxes, best, classes)


def yolox(output, width, height):
    """[cells, 5 + classes] as the YOLOX export gives it: offsets from the grid, scores already sigmoid."""
    output = np.asarray(output, dtype=np.float32).reshape(-1, output.shape[-1])
    grids, strides = [], []
    for stride in (8, 16, 32):
        ys, xs = np.mgrid[0 : height // stride, 0 : width // stride]
        grids.append(np.stack([xs.ravel(), ys.ravel()], axis=1))
        strides.append(np.full((xs.size, 1), stride))
    grid, stride = np.concatenate(grids), np.concatenate(strides)
    centres = (output[:, 0:2] + grid) * stride
    sizes = np.exp(output[:, 2:4]) * stride
    return select(centres, sizes, output[:, 4:5] * output[:, 5:], width, height)


def yolo_columns(output, width, height):
    """[4 + classes, cells] as YOLOv8 and its like give it: centres and sizes in pixels."""
    output = np.asarray(output, dtype=np.float32).reshape(output.shape[-2], output.shape[-1])
    return select(output[0:2].T, output[2:4].T, output[4:].T, width, height)


def anything(output, width, height):
    """Tells the two apart by their shape."""
    rows, columns = output.shape[-2], output.shape[-1]
    return yolox(output, width, height) if rows > columns else yolo_columns(output, width, height)


def ssd(boxes, classes, scores, count):
    """Four outputs of TFLite's detection post-processing: corners as top, left, bottom, right."""
    rows = []
    for at in range(min(int(count), len(scores))):
        if scores[at] >= MIN_SCORE:
            top, left, bottom, right = map(float, boxes[at])
            rows.append((int(classes[at]), float(scores[at]), left, top, right, bottom))
    return rows


def hailo_nms(by_class):
    """HAILO_NMS_BY_CLASS: for each class rows of top, left, bottom, right, score."""
    rows = []
    for index, boxes in enumerate(by_class):
        for top, left, bottom, right, score in np.asarray(boxes).reshape(-1, 5):
            if score >= MIN_SCORE:
                rows.append((index, float(score), float(left), float(top), float(right), float(bottom)))
    return rows
