# One image; every service is a command of it.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/fleet \
 && /opt/fleet/bin/pip install -q --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY domain domain
COPY db db
COPY exchange exchange
COPY strategies strategies
COPY config config
COPY runtime runtime
COPY backfiller backfiller
COPY trader trader
COPY fleet fleet
RUN /opt/fleet/bin/pip install -qq --no-deps --no-build-isolation . \
 && /opt/fleet/bin/pip uninstall -qy setuptools pip \
 && find /opt/fleet -path '*site-packages*' -type d \( -name tests -o -path '*/ccxt/test' -o -path '*/pyarrow/include' \) \
    -prune -exec rm -rf {} + \
 && python -m compileall -q /opt/fleet

FROM python:3.13-slim
LABEL org.opencontainers.image.title="tradefleet" org.opencontainers.image.licenses="MIT"
# The official image comes without bytecode, and nobody may write any later: a health check would take ten times as long.
RUN python -m compileall -q -x '/(test|idlelib|tkinter|turtledemo|ensurepip|site-packages)/' \
    "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
RUN groupadd --gid 10001 fleet \
 && useradd --uid 10001 --gid fleet --no-create-home --shell /usr/sbin/nologin fleet \
 && install -d -o fleet -g fleet /data
COPY --from=build /opt/fleet /opt/fleet
COPY config/fleet.yaml /app/config/
COPY config/strategies /app/config/strategies
COPY config/demo /app/config/demo
COPY config/schema /app/config/schema
# PYTHONSAFEPATH: what is mounted at /app/config is a user's folder; no Python in it takes the place of the image's own.
ENV PATH=/opt/fleet/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1 \
    TRADEFLEET_CONFIG=/app/config TRADEFLEET_DATABASE=/data/trading.db
WORKDIR /app
USER 10001:10001
VOLUME /data
CMD ["python", "-m", "trader"]
