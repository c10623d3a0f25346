# Cable Explorer in a container: docs/DEPLOY.md says how to build and start it.
ARG BASE=python:3.13-slim
FROM ${BASE}

# Where torch comes from: PyTorch's CPU wheels; with --build-arg TORCH= pip's own choice, on Linux that for NVIDIA GPUs.
ARG TORCH=https://download.pytorch.org/whl/cpu

WORKDIR /app
COPY requirements.txt .
RUN torch=$(grep -oE '^torch(vision)?[^ ]+' requirements.txt) \
    && { [ -z "$TORCH" ] || pip install --no-cache-dir --index-url "$TORCH" $torch; } \
    && pip install --no-cache-dir -r requirements.txt

COPY . .
# The code is root's, and so nothing that answers a visitor can change it; runs and datasets are the user's.
RUN python -m compileall -q app.py pages explorer benchmarks \
    && useradd --create-home explorer \
    && mkdir -p runs data \
    && chown explorer runs data
USER explorer
VOLUME ["/app/runs", "/app/data"]

EXPOSE 8501
HEALTHCHECK --start-period=60s --timeout=5s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
