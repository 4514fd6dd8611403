FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# For the MongoDB of its own that the bot runs when MONGODB_URI is not set.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libcurl4 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Alerts, and a fetched MongoDB, are kept in the volume.
ENV NODE_ENV=production DATA_DIR=/data XDG_CACHE_HOME=/data/cache
RUN install -d -o node -g node -m 700 /data
VOLUME /data
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK NONE
CMD ["node", "dist/src/cli.js", "start"]
