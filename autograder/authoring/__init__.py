"""From a source text to what students get: read, tried out, built and recorded."""
