#!/usr/bin/env bash
# Run once, as root, when the image is built: the sandbox's packages, Python, and the grader.
set -euo pipefail

source="${AUTOGRADER_ROOT:-/autograder}/source"
environment="${COURSE_ENVIRONMENT:-/opt/backprop-course}"
chmod -R go-rwx "$source" # hidden tests

apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bubblewrap libseccomp2 python3-venv

# Where the sandbox's user may read: /root is closed to it.
export UV_PYTHON_INSTALL_DIR=/opt/python
python3 -m venv /opt/uv
/opt/uv/bin/pip install --quiet uv
/opt/uv/bin/uv venv --python "@PYTHON@" "$environment"
/opt/uv/bin/uv pip install --python "$environment/bin/python" --constraints "$source/constraints.txt" \
  --requirements "$source/requirements.txt" "$source"/*.whl

"$environment/bin/course" doctor || true # for whoever reads the build's log
