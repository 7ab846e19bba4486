"""``convert``: weights of other projects, which are not part of striate, in files that striate reads."""

from .. import faces
from .._common.files import check_folder
from .._common.terminal import show

#: What can be converted: each function takes the path of what there is, and that of the file to write.
_KINDS = {"mtcnn": faces.convert_mtcnn}


def add_options(parser):
    """Add the options of the command."""
    parser.add_argument("kind", metavar="KIND", choices=_KINDS, help="mtcnn: the detector of faces that facenet-pytorch has")
    parser.add_argument(
        "source", metavar="SOURCE", help="the wheel that `pip download --no-deps facenet-pytorch` fetches, or its folder data"
    )
    parser.add_argument("out", metavar="OUT", help="file to write, such as mtcnn.npz")


def convert(arguments):
    """Convert weights of another project to a file that striate reads."""
    check_folder(arguments.out)  # An error here comes before the work, not after it.
    made = _KINDS[arguments.kind](arguments.source, arguments.out)
    show(f"{arguments.out}: {made.model.count_params():,} weights of {arguments.kind}")
    return 0
