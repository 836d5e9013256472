# Two images from one file: `serve` for web, worker and beat, `training` with TensorFlow on top.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH

FROM base AS serve-packages
COPY requirements-serve.txt /tmp/
RUN python -m venv /opt/venv \
    && pip install --require-hashes --requirement /tmp/requirements-serve.txt

FROM serve-packages AS training-packages
COPY requirements-train.txt /tmp/
RUN pip install --require-hashes --requirement /tmp/requirements-train.txt

FROM base AS shop
ENV KFASHION_VAR=/data \
    MEDIA_ROOT=/data/media \
    ARTIFACT_ROOT=/data/artifacts \
    IMPORT_ROOT=/data/imports \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin kfashion \
    && install --directory --owner kfashion --group kfashion /data /data/media /data/artifacts
WORKDIR /srv/kfashion
COPY manage.py ./
COPY kfashion_site ./kfashion_site
COPY access ./access
COPY products ./products
COPY shoppers ./shoppers
COPY styles ./styles
COPY webhooks ./webhooks
COPY templates ./templates
COPY static ./static
COPY locale ./locale
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz/', timeout=4)"]
CMD ["gunicorn", "kfashion_site.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-", \
     "--limit-request-line", "8190"]

FROM shop AS training
COPY --from=training-packages /opt/venv /opt/venv
USER kfashion

# Last, so that a build without a target gives it.
FROM shop AS serve
COPY --from=serve-packages /opt/venv /opt/venv
RUN DATABASE_URL=postgres://unused REDIS_URL=redis://unused SECRET_KEY=unused \
    python manage.py collectstatic --no-input --verbosity 0
USER kfashion
