"""`course site`: the course as a static site, with the notebooks ready to be worked on in a browser."""

from autograder.site.build import Options, build_site

__all__ = ["Options", "build_site"]
