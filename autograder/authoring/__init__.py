"""From a source text to what students get: tried out, checked, built, recorded; how a course begins."""
