#!/usr/bin/env bash
# Makes a virtual environment for each peer, or for those named:
#   benchmarks/peers/setup.sh
#   benchmarks/peers/setup.sh opennmt joeynmt
# PYTHON names the interpreter, PIP_... variables and pip's own configuration say where packages come from.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3.11}  # the pins are for this version

[ $# -gt 0 ] || set -- flair joeynmt keras opennmt spacy
for peer in "$@"; do
  requirements=requirements-$peer.txt
  if [ ! -f "$requirements" ]; then
    echo "$peer: no such peer; expected flair, joeynmt, keras, opennmt or spacy" >&2
    exit 2
  fi
  echo "$peer"
  rm -rf ".envs/$peer"
  "$python" -m venv ".envs/$peer"
  pip=(".envs/$peer/bin/python" -m pip install --quiet --disable-pip-version-check)
  # torch first, as it alone may bring packages that differ between machines.
  torch=$(grep '^torch==' "$requirements" || true)
  if [ -n "$torch" ]; then "${pip[@]}" "$torch"; fi
  # The file is complete; what peers say of torch is older than the version that all contestants share.
  "${pip[@]}" --no-deps --requirement "$requirements"
done
