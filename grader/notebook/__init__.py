"""A Jupyter notebook as Python source, with the cell of every line, and as Markdown by heading.

1. `content` reads the JSON within bounds; nothing of it is run.
2. `magics` takes out what is no Python, `prose` parts the Markdown by its headings.
3. `convert` puts them together. `places` says of a line where it stood.
"""

from grader.notebook.content import MissingLibraryError, NotebookError
from grader.notebook.convert import Notebook, read_notebook
from grader.notebook.places import FILE, Places
from grader.notebook.prose import Section

__all__ = ["FILE", "MissingLibraryError", "Notebook", "NotebookError", "Places", "Section", "read_notebook"]
