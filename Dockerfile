# Lares in a container (SEC-F1). The image runs as a user without rights on a root that cannot be written:
#   docker compose up -d
# What `docker` would do with these stages is done step by step, without docker: the last one by every run of
# tests/package/container.test.ts, both of them by `npm run container:test`.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm run package -- --payload /payload

FROM debian:bookworm-slim
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends ca-certificates ffmpeg iputils-ping libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 lares \
 && useradd --system --uid 10001 --gid lares --home-dir /data --no-create-home --shell /usr/sbin/nologin lares \
 && install -d -m 0700 -o lares -g lares /data
COPY --from=build /payload /opt/lares
ENV LARES_DATA=/data \
    LARES_HTTPS_PORT=8443 \
    LARES_HTTP_PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8443 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["/opt/lares/bin/node", "--disable-warning=ExperimentalWarning", "/opt/lares/appliance/src/cli/main.js", "answers"]
ENTRYPOINT ["/opt/lares/bin/node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "/opt/lares/appliance/src/main.js"]
