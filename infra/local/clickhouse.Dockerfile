# A stand-in for clickhouse/clickhouse-server where no image registry is reachable: the local engine behind ClickHouse's HTTP interface.
# docker build -f infra/local/clickhouse.Dockerfile -t clickhouse/clickhouse-server:26.8 .   For trying and testing; keep data in the real one.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts && node_modules/.bin/tsc -b infra/local && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
# The health check of compose.yaml calls wget, which the real image has.
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends wget >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /var/lib/clickhouse \
 && chown node:node /var/lib/clickhouse
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/schemas schemas
COPY --from=build /app/services/runtime services/runtime
COPY --from=build /app/infra infra
# Each statement under way holds a thread of libuv's pool.
ENV UV_THREADPOOL_SIZE=64
USER node
VOLUME /var/lib/clickhouse
EXPOSE 8123
CMD ["node", "/app/infra/local/dist/clickhouse/main.js", "--data-dir", "/var/lib/clickhouse", "--port", "8123", "--host", "0.0.0.0"]
