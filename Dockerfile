# One image for the API (the default command) and the worker (`node --import tsx worker/main.ts`).
FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  # Temporal's native core comes for five platforms, 30 MB each.
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM node:20-bookworm-slim
# Temporal's core checks TLS against the system's authorities.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY activities activities
COPY api api
COPY config config
COPY credentials credentials
COPY keys keys
COPY outbound outbound
COPY scripts scripts
COPY store store
COPY worker worker
COPY workflows workflows
USER node
EXPOSE 3000 3001
CMD ["node", "--import", "tsx", "api/main.ts"]
