# SPDX-License-Identifier: MIT
# The command line with every delivery channel: a ledger server (`ledger serve`) or a worker (`consume`).
# docs/guides/containers.md shows how the image is run.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /source
# Only the lockfile says what is fetched: this layer stays until it changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches patches
RUN npx --yes pnpm@10.34.9 fetch
COPY . .
RUN bash -c 'set -euo pipefail; source scripts/lib/prepare.sh; install_dependencies; build' \
  && npx --yes pnpm@10.34.9 --filter @ledger-loader/container deploy --prod --legacy /opt/ledger-loader

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="ledger-loader" \
  org.opencontainers.image.description="A QLDB-compatible ledger, and workers that load events into it" \
  org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/ledger-loader /opt/ledger-loader
# The certificates of Amazon RDS and Aurora, for NODE_EXTRA_CA_CERTS and sslmode=verify-full.
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/certs/aws-rds.pem
RUN ln -s /opt/ledger-loader/ledger-loader /usr/local/bin/ledger-loader \
  && install -d -o 1000 -g 1000 -m 700 /data
# By number, so that Kubernetes sees that it is not root. The image writes to /data and /tmp only.
USER 1000:1000
WORKDIR /data
VOLUME /data
# Without keys the server refuses to listen beyond loopback, so the image is safe to start.
ENV NODE_ENV=production LEDGER_SERVE_DATA=/data LEDGER_SERVE_HOST=0.0.0.0 HEALTH_HOST=0.0.0.0 HEALTH_PORT=9464
# Without it, glibc keeps most of the memory that was freed after a burst of large requests.
ENV MALLOC_MMAP_THRESHOLD_=65536
EXPOSE 8182 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/opt/ledger-loader/health-check", "live"]
ENTRYPOINT ["/opt/ledger-loader/ledger-loader"]
CMD ["ledger", "serve"]
