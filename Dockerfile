# SPDX-License-Identifier: MIT
# The ledger server. docs/guides/run-a-ledger-on-a-server.md says how it is run.
FROM node:20-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npx --yes pnpm@10.34.9 install --frozen-lockfile \
  && npx --yes pnpm@10.34.9 run build \
  && npx --yes pnpm@10.34.9 --filter @ledger-loader/cli deploy --prod --legacy /opt/ledger-loader

FROM node:20-bookworm-slim
COPY --from=build /opt/ledger-loader /opt/ledger-loader
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
# Without keys the server refuses to listen beyond loopback, so the image is safe to start.
ENV LEDGER_SERVE_DATA=/data LEDGER_SERVE_HOST=0.0.0.0 HEALTH_HOST=0.0.0.0 HEALTH_PORT=9464
EXPOSE 8182 9464
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:9464/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/ledger-loader/dist/main.js"]
CMD ["ledger", "serve"]
