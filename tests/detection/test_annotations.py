"""Annotations in files: what is written is read again, and what is wrong is named with file and line."""

import json
import re
import warnings

import numpy as np
import pytest

from striate import image
from striate.detection import Dataset, Objects, read_coco, read_voc, read_yolo, write_coco, write_voc, write_yolo

pytest.importorskip("PIL")

CLASSES = ["cat & co", "dog"]


def sample(ignored=True):
    """Return a data set of three images of different sizes: two objects, none, and one."""
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, size, dtype=np.uint8) for size in ((20, 30, 3), (12, 8, 3), (16, 16, 3))]
    first = Objects([[0, 0, 30, 20], [2.5, 3, 9, 11.25]], [1, 0], np.array([False, ignored]), [100.0, 52.25])
    return Dataset(images, [first, Objects([], []), Objects([[4, 4, 8, 16]], [1])], CLASSES)


def assert_same(got, expected, areas=True):
    assert got.classes == expected.classes
    assert len(got) == len(expected)
    for (pixels, objects), (expected_pixels, wanted) in zip(got, expected, strict=True):
        np.testing.assert_array_equal(pixels, expected_pixels)
        np.testing.assert_allclose(objects.boxes, wanted.boxes, rtol=0, atol=1e-6)
        np.testing.assert_array_equal(objects.labels, wanted.labels)
        np.testing.assert_array_equal(objects.ignored, wanted.ignored)
        if areas:
            np.testing.assert_allclose(objects.areas, wanted.areas)


def test_coco_files_hold_everything(tmp_path):
    data = sample()
    write_coco(tmp_path / "all.json", data)
    again = read_coco(tmp_path / "all.json")
    assert_same(again, data)
    (tmp_path / "elsewhere").mkdir()
    write_coco(tmp_path / "elsewhere" / "files.json", again)  # image files stay where they are
    assert_same(read_coco(tmp_path / "elsewhere" / "files.json"), data)
    assert read_coco(tmp_path / "all.json", mode="gray")[0][0].shape == (20, 30, 1)


def test_pycocotools_reads_coco_files(tmp_path, capsys):
    coco = pytest.importorskip("pycocotools.coco")
    write_coco(tmp_path / "all.json", sample())
    found = coco.COCO(tmp_path / "all.json")
    assert [each["bbox"] for each in found.loadAnns(found.getAnnIds(imgIds=[0]))] == [[0, 0, 30, 20], [2.5, 3, 6.5, 8.25]]


def test_voc_files_hold_boxes_and_what_is_difficult(tmp_path):
    data = sample()
    write_voc(tmp_path, data)
    assert_same(read_voc(tmp_path), data, areas=False)
    assert read_voc(tmp_path, classes=["bird", "dog", "cat & co"])[0][1].labels.tolist() == [1, 2]


def test_yolo_files_hold_boxes(tmp_path):
    data = sample(ignored=False)
    (tmp_path / "labels").mkdir()
    (tmp_path / "images").mkdir()
    write_yolo(tmp_path / "labels", data, tmp_path / "images")
    assert_same(read_yolo(tmp_path / "labels", tmp_path / "images", CLASSES), data, areas=False)
    (tmp_path / "labels" / "000001.txt").unlink()  # an image without objects needs no file
    assert_same(read_yolo(tmp_path / "labels", tmp_path / "images", CLASSES), data, areas=False)


COCO = """{"info": {"year": 2014},
"images": [
 {"id": 7, "file_name": "a.png", "width": 30, "height": 20},
 {"id": 8, "file_name": "b.png"}
],
"categories": [{"id": 3, "name": "dog"}, {"id": 1, "name": "cat"}],
"annotations": [
 {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 10, 5]},
 {"id": 2, "image_id": 8, "category_id": 1, "bbox": [0, 0, 8, 12.4], "iscrowd": 1, "area": 5}
]}"""


def write_coco_text(folder, text):
    image.write(folder / "a.png", np.zeros((20, 30), np.uint8))
    image.write(folder / "b.png", np.zeros((12, 8), np.uint8))
    (folder / "c.json").write_text(text)
    return folder / "c.json"


def test_coco_files_of_others_are_read(tmp_path):
    data = read_coco(write_coco_text(tmp_path, COCO), mode="gray")
    assert data.classes == ("cat", "dog")
    assert data[0][1].boxes.tolist() == [[1, 2, 11, 7]]
    assert data[0][1].labels.tolist() == [1]
    assert data[1][1].boxes.tolist() == [[0, 0, 8, 12]]  # by less than half a pixel beyond
    assert data[1][1].ignored.tolist() == [True]
    assert data[1][1].areas.tolist() == [5]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[1, 2, 10, 5]", "[1, 2, 0, 5]", 8, r"annotations\[0\] is the box \[1.0, 2.0, 1.0, 7.0\] .* of no size; expected"),
        ("[1, 2, 10, 5]", "[1, 2, 10, 19]", 8, r"annotations\[0\] is the box .*; expected one inside of 30 x 20"),
        ("[1, 2, 10, 5]", "[-1, 2, 10, 5]", 8, r"annotations\[0\] is the box .*; expected one inside of 30 x 20"),
        ("[1, 2, 10, 5]", '[1, "x", 10, 5]', 8, r"annotations\[0\] is the box .*; expected finite numbers"),
        ("[1, 2, 10, 5]", "[1, 2, 10, Infinity]", 8, r"annotations\[0\] is the box .*; expected finite numbers"),
        ("[1, 2, 10, 5]", f"[1, 2, 10, 1{'0' * 400}]", 8, r"annotations\[0\] is the box .*; expected finite numbers"),
        ("[1, 2, 10, 5]", f"[-1{'0' * 400}, 2, 10, 1]", 8, r"annotations\[0\] is the box .*; expected finite numbers"),
        ("[1, 2, 10, 5]", "[1, 2]", 8, r"annotations\[0\] has bbox \[1, 2\]; expected \[x, y, width, height\]"),
        ('"category_id": 3', '"category_id": 2', 8, r"annotations\[0\] has category_id 2; expected one of the ids \[1, 3\]"),
        ('"category_id": 3', '"category_id": []', 8, r"annotations\[0\] has category_id \[\]; expected one of the ids"),
        ('"image_id": 7', '"image_id": 9', 8, r"annotations\[0\] has image_id 9; expected the id of one of the images"),
        ('"a.png"', '"z.png"', 3, "there is no image .*z.png"),
        ('"id": 8', '"id": 7', 4, r"images\[1\] has the id 7, as line 3 has; expected another"),
        ('"file_name": "b.png"', '"name": "b.png"', 4, r"images\[1\] lacks id or file_name"),
    ],
)
def test_problems_of_coco_files_are_named(tmp_path, old, new, line, message):
    path = write_coco_text(tmp_path, COCO.replace(old, new, 1))
    with pytest.raises(ValueError, match=rf"{re.escape(str(path))}:{line}: {message}"):
        read_coco(path)
    with pytest.warns(UserWarning, match=rf"{re.escape(str(path))}:{line}: {message}"):
        data = read_coco(path, invalid="skip")
    assert sum(map(len, data.objects)) == 1


def test_several_problems_are_all_named(tmp_path):
    path = write_coco_text(
        tmp_path, COCO.replace("[1, 2, 10, 5]", "[1, 2, 0, 5]").replace('"category_id": 1', '"category_id": 5')
    )
    with pytest.raises(ValueError, match=r"has 2 problems:\n.*c.json:8: .*\n.*c.json:9: .*\nexpected annotations without them"):
        read_coco(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"images": [',
        '{"images": [1 2]}',
        COCO[:-1],
        '{"a" 1}',
        COCO + "}",
        '{"images": [1,]}',
        '{"images": [],}',
        "{3: 4}",
        "[" * 100_000,
        "\xff",
    ],
)
def test_damaged_coco_files_are_refused(tmp_path, text):
    path = write_coco_text(tmp_path, text)
    with pytest.raises(ValueError, match=re.escape(f"path={str(path)!r} is not a JSON file in COCO's format, or is damaged")):
        read_coco(path)


def test_places_in_damaged_json_are_named(tmp_path):
    path = write_coco_text(tmp_path, COCO.replace('"category_id": 3,', '"category_id": 3'))
    with pytest.raises(ValueError, match="line 8 column"):
        read_coco(path)


#: Sizes of images that no image has: the file of the image tells better.
NO_SIZES = ["x", "NaN", "Infinity", "1e400", "1" + "0" * 400, "0", "-3"]


@pytest.mark.parametrize("size", NO_SIZES)
@pytest.mark.parametrize("which", ['"width": 30', '"height": 20'])
def test_sizes_that_no_image_has_are_read_from_images(tmp_path, which, size):
    new = f"{which.split()[0]} {json.dumps(size) if size == 'x' else size}"
    path = write_coco_text(tmp_path, COCO.replace(which, new, 1))
    assert read_coco(path)[0][1].boxes.tolist() == [[1, 2, 11, 7]]
    path.write_text(path.read_text().replace("[1, 2, 10, 5]", "[1, 2, 35, 25]"))
    with pytest.raises(ValueError, match="expected one inside of 30 x 20"):
        read_coco(path)


@pytest.mark.parametrize("area", ["NaN", "Infinity", "1" + "0" * 400, "-1"])
def test_areas_that_nothing_has_are_those_of_boxes(tmp_path, area):
    path = write_coco_text(tmp_path, COCO.replace('"area": 5', f'"area": {area}'))
    assert read_coco(path)[1][1].areas.tolist() == [96]


def test_coco_files_in_one_line_are_read(tmp_path):
    path = write_coco_text(tmp_path, json.dumps(json.loads(COCO)))
    assert len(read_coco(path)) == 2


VOC = """<?xml version="1.0"?>
<annotation>
 <filename>a.png</filename>
 <size><width>30</width><height>20</height><depth>3</depth></size>
 <object>
  <name>dog</name><part><name>head</name></part>
  <bndbox><xmin>2</xmin><ymin>3</ymin><xmax>11</xmax><ymax>7</ymax></bndbox>
 </object>
 <object>
  <name>cat</name><difficult>1</difficult>
  <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>30</xmax><ymax>20</ymax></bndbox>
 </object>
</annotation>"""


def write_voc_text(folder, text):
    image.write(folder / "a.png", np.zeros((20, 30), np.uint8))
    (folder / "a.xml").write_text(text)
    return folder / "a.xml"


def test_voc_files_of_others_are_read(tmp_path):
    write_voc_text(tmp_path, VOC)
    data = read_voc(tmp_path)
    assert data.classes == ("cat", "dog")
    assert data[0][1].boxes.tolist() == [[1, 2, 11, 7], [0, 0, 30, 20]]
    assert data[0][1].labels.tolist() == [1, 0]
    assert data[0][1].ignored.tolist() == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("<xmax>11</xmax>", "<xmax>1</xmax>", 5, r"object 0 \(dog\) is the box .* of no size"),
        ("<xmax>11</xmax>", "", 5, r"object 0 \(dog\) is the box .*; expected finite numbers"),
        ("<xmax>11</xmax>", f"<xmax>1{'0' * 400}</xmax>", 5, r"object 0 \(dog\) is the box .*; expected finite numbers"),
        ("<xmax>30</xmax>", "<xmax>31</xmax>", 9, r"object 1 \(cat\) is the box .*; expected one inside of 30 x 20"),
        ("<name>cat</name>", "<name>cow</name>", 9, r"object 1 is of the class 'cow'; expected one of \['cat', 'dog'\]"),
        ("<filename>a", "<filename>z", 3, "there is no image .*z.png"),
        ("</part>", "", 8, "it is not XML"),
        ("filename>", "file>", 1, "it has no <annotation> with a <filename>"),
    ],
)
def test_problems_of_voc_files_are_named(tmp_path, old, new, line, message):
    path = write_voc_text(tmp_path, VOC.replace(old, new))
    place = rf"{re.escape(str(path))}:{line}: {message}"
    with pytest.raises(ValueError, match=place):
        read_voc(tmp_path, classes=["cat", "dog"])
    with pytest.warns(UserWarning, match=place):
        data = read_voc(tmp_path, classes=["cat", "dog"], invalid="skip")
    assert sum(map(len, data.objects)) < 2


@pytest.mark.parametrize("size", NO_SIZES)
@pytest.mark.parametrize("which", ["width>30<", "height>20<"])
def test_sizes_in_voc_files_that_no_image_has_are_read_from_images(tmp_path, which, size):
    path = write_voc_text(tmp_path, VOC.replace(which, f"{which[:-3]}{size}<"))
    assert read_voc(tmp_path)[0][1].boxes.tolist() == [[1, 2, 11, 7], [0, 0, 30, 20]]
    path.write_text(path.read_text().replace("<xmax>30", "<xmax>31"))
    with pytest.raises(ValueError, match="expected one inside of 30 x 20"):
        read_voc(tmp_path)


def test_entities_are_refused(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><annotation><filename>&y;</filename></annotation>'
    write_voc_text(tmp_path, bomb)
    with pytest.raises(ValueError, match=r"a.xml: it is not XML .it declares the entity 'x'; expected none"):
        read_voc(tmp_path)


def test_folders_without_annotations_are_refused(tmp_path):
    with pytest.raises(ValueError, match="has no XML files; expected one for each image"):
        read_voc(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_voc(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("0 0.5 0.5 0.5 0.5\n\n2 0.5 0.5 0.5 0.5", 3, "it has the class 2; expected an index from 0 to 1"),
        ("9" * 5000 + " 0.5 0.5 0.5 0.5", 1, "it has the class 9{18}; expected an index from 0 to 1"),
        (f"1 0.5 0.5 0.5 1{'0' * 400}", 1, "an object of 'dog' is the box .*; expected finite numbers"),
        ("1 0.5 0.5 1e308 1e308", 1, "an object of 'dog' is the box .*; expected"),
        ("x 0.5 0.5 0.5 0.5", 1, "it has the class x; expected an index"),
        ("1 0.5 0.5 0.5", 1, "it has 4 words; expected class x y width height"),
        ("1 0.5 0.5 0.5 0", 1, "an object of 'dog' is the box .* of no size"),
        ("1 0.9 0.5 0.5 0.5", 1, "an object of 'dog' is the box .*; expected one inside of 30 x 20"),
        ("1 0.5 0.5 0.5 nan", 1, "an object of 'dog' is the box .*; expected finite numbers"),
    ],
)
def test_problems_of_yolo_files_are_named(tmp_path, text, line, message):
    image.write(tmp_path / "a.png", np.zeros((20, 30), np.uint8))
    path = tmp_path / "a.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=rf"{re.escape(str(path))}:{line}: {message}"):
        read_yolo(tmp_path, tmp_path, CLASSES)
    with pytest.warns(UserWarning, match=rf"{re.escape(str(path))}:{line}: {message}"):
        assert len(read_yolo(tmp_path, tmp_path, CLASSES, invalid="skip")) == 1


def test_yolo_needs_the_images_of_its_files(tmp_path):
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(ValueError, match=r"a.txt: there is no image .*a with an ending"):
        read_yolo(tmp_path, tmp_path, CLASSES)
    (tmp_path / "a.png").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"a.txt: path='.*a.png' is not an image, or is damaged"):
        read_yolo(tmp_path, tmp_path, CLASSES)


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    with pytest.raises(ValueError, match="dataset has an object to be ignored in image 0; expected none"):
        write_yolo(tmp_path, sample(), tmp_path)
    same = Dataset([tmp_path / "a.png", tmp_path / "b" / "a.png"], [Objects([], [])] * 2, CLASSES)
    (tmp_path / "b").mkdir()
    for path in same.images:
        image.write(path, np.zeros((4, 4), np.uint8))
    for write in (lambda: write_voc(tmp_path, same), lambda: write_yolo(tmp_path, same, tmp_path)):
        with pytest.raises(ValueError, match=r"dataset has the images .* and .*; expected files of different names"):
            write()
    with pytest.raises(TypeError, match=r"dataset=3 is of type int; expected a striate.detection.Dataset"):
        write_coco(tmp_path / "c.json", 3)


def test_nothing_is_warned_of_without_problems(tmp_path):
    write_voc(tmp_path, sample())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_voc(tmp_path, invalid="skip")


def test_sizes_of_turned_photographs_are_those_that_are_seen(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    exif = pillow.Exif()
    exif[0x0112] = 6  # turned by a quarter
    photo = str(tmp_path / "photo.jpg")
    pillow.new("RGB", (8, 4)).save(photo, exif=exif)
    data = Dataset([photo], [Objects([[1, 2, 3, 6]], [0])], ["dot"])
    assert data[0][0].shape == (8, 4, 3)
    write_yolo(str(tmp_path), data, str(tmp_path))
    read = read_yolo(str(tmp_path), str(tmp_path), ["dot"])
    np.testing.assert_allclose(read.objects[0].boxes, [[1, 2, 3, 6]])
    assert (tmp_path / "photo.txt").read_text().split() == ["0", "0.5", "0.5", "0.5", "0.5"]


@pytest.mark.parametrize("write", [write_coco, write_voc, write_yolo])
def test_boxes_without_a_size_are_refused_before_anything_is_written(tmp_path, write):
    flat = Dataset(np.zeros((2, 8, 8), np.uint8), [Objects([[1, 2, 5, 6]], [0]), Objects([[3, 2, 3, 6]], [0])], ["dot"])
    place = tmp_path / "dots.json" if write is write_coco else tmp_path
    with pytest.raises(ValueError, match="dataset has a box of 0 x 4 pixels in image 1; expected a width and a height above 0"):
        write(place, flat, *([tmp_path] if write is write_yolo else []))
    assert not list(tmp_path.iterdir())
