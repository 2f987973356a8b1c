"""`course site`: the course as a static site, with the notebooks ready to be worked on in a browser."""

from autograder.site.build import SiteOptions, build_site

__all__ = ["SiteOptions", "build_site"]
