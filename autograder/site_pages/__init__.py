"""What stands on the site: the first page, syllabus, notebooks, documents and samples, each as a source."""
