# One image for web, bot, worker and migrations; docker-compose.yml gives each its command.

FROM node:22-alpine AS vendor
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=peer --no-audit --no-fund && npm run vendor

FROM python:3.12-slim AS packages
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1
RUN python -m venv /opt/uv && python -m venv --without-pip /opt/venv
COPY requirements-bootstrap.txt requirements.txt ./
RUN /opt/uv/bin/pip install --require-hashes -r requirements-bootstrap.txt \
 && /opt/uv/bin/uv pip install --python /opt/venv/bin/python --compile-bytecode --require-hashes -r requirements.txt
COPY clicker clicker
RUN for po in $(find clicker -name '*.po'); do /opt/venv/bin/pybabel compile -i "$po" -o "${po%.po}.mo" || exit 1; done \
 && /opt/venv/bin/python -m compileall -q clicker

FROM python:3.12-slim
# The number is fixed so that mounted secret files can be given to it: `chown 10001 deploy/secrets/*`.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin clicker
WORKDIR /app
# Nothing is written but to /tmp, so the container can be read-only with a tmpfs there.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENV=production PORT=8000 DATA_DIR=/tmp/clicker HOME=/tmp
COPY --from=packages /opt/venv /opt/venv
COPY wsgi.py bot.py worker.py ./
COPY --from=packages /app/clicker clicker
COPY templates templates
COPY static static
COPY --from=vendor /app/static/vendor static/vendor
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health/live', timeout=2)"]
CMD ["python", "-m", "gunicorn", "-c", "clicker/web/gunicorn.py", "wsgi:app"]
